using Microsoft.CodeAnalysis;

namespace MassTransit.QStash.Analyzers;

/// <summary>A text that an expression may have, as far as the source tells.</summary>
/// <param name="raw">With <see cref="Hole"/> for what is not known, and <see cref="Seam"/> between parts that are joined.</param>
/// <param name="origin">Where it comes from.</param>
readonly struct Text(string raw, Origin origin)
{
    /// <summary>Stands for something that only the running program knows.</summary>
    public const char Hole = '\0';

    /// <summary>Stands between two parts that were joined.</summary>
    public const char Seam = '\u0001';

    public string Value { get; } = raw.Replace(Seam.ToString(), "");

    public string[] Pieces => raw.Split(Seam, Hole);

    public bool IsComplete => raw.IndexOf(Hole) < 0;

    public Origin Origin { get; } = origin;

    public IOperation Shown => Origin.Shown;
}

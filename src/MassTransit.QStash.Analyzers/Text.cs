using Microsoft.CodeAnalysis;

namespace MassTransit.QStash.Analyzers;

/// <summary>A text that an expression may evaluate to, as far as the source shows it.</summary>
/// <param name="raw">The text, with <see cref="Hole"/> for unknown parts, and <see cref="Seam"/> between joined parts.</param>
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

using System.Globalization;
using System.Text.RegularExpressions;

namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// Marks what a program on a developer's machine leaves with the emulator, so that the program knows it again after its port has changed.
/// </summary>
static partial class ProgramMark
{
    const string LabelPrefix = "mt-program.";

    /// <summary>The same for each start of a program from the same folder, whatever its port.</summary>
    /// <param name="folder">Where the program is.</param>
    /// <param name="arguments">
    /// What it was started with: a program may be another service with other arguments. Numbers that may be ports do not count.
    /// </param>
    /// <param name="busName">The bus; empty for the default one.</param>
    public static string Create(string folder, IEnumerable<string> arguments, string busName) =>
        TextHash.Short(string.Join('\n', [folder, busName, .. arguments.Select(argument => Port().Replace(argument, "*"))]));

    /// <summary>The label of a schedule that a program declares.</summary>
    /// <param name="mark">The program.</param>
    /// <param name="port">Where it listens.</param>
    public static string ToLabel(string mark, int port) => string.Create(CultureInfo.InvariantCulture, $"{LabelPrefix}{mark}.{port}");

    /// <summary>The port in the label of a schedule; null unless the program declared it.</summary>
    public static int? ReadPort(string label, string mark) =>
        label.StartsWith($"{LabelPrefix}{mark}.", StringComparison.Ordinal)
        && int.TryParse(label.AsSpan(LabelPrefix.Length + mark.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? port : null;

    [GeneratedRegex("(?<![0-9])[0-9]{4,5}(?![0-9])")]
    private static partial Regex Port();
}

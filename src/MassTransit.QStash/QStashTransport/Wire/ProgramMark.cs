using System.Globalization;
using System.Text.RegularExpressions;

namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// Marks the members and schedules that a program on a developer's machine keeps in the emulator, so that the program recognises them after
/// its port has changed.
/// </summary>
static partial class ProgramMark
{
    const string LabelPrefix = "mt-program.";

    /// <summary>Creates the mark. It is the same for each start of a program from the same folder, whatever its port.</summary>
    /// <param name="folder">The folder and name of the program.</param>
    /// <param name="arguments">
    /// The arguments of the program, because with other arguments it may be another service. Numbers that may be ports do not count.
    /// </param>
    /// <param name="busName">The bus; empty for the default one.</param>
    public static string Create(string folder, IEnumerable<string> arguments, string busName) =>
        TextHash.Short(string.Join('\n', [folder, busName, .. arguments.Select(argument => Port().Replace(argument, "*"))]));

    /// <summary>The label of a schedule that a program declares.</summary>
    /// <param name="mark">The program.</param>
    /// <param name="port">The port that it listens on.</param>
    public static string ToLabel(string mark, int port) => string.Create(CultureInfo.InvariantCulture, $"{LabelPrefix}{mark}.{port}");

    /// <summary>The port in the label of a schedule; null unless the program declared it.</summary>
    public static int? ReadPort(string label, string mark) =>
        label.StartsWith($"{LabelPrefix}{mark}.", StringComparison.Ordinal)
        && int.TryParse(label.AsSpan(LabelPrefix.Length + mark.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? port : null;

    [GeneratedRegex("(?<![0-9])[0-9]{4,5}(?![0-9])")]
    private static partial Regex Port();
}

using System.Globalization;
using System.Runtime.InteropServices;

namespace QStash.Emulator.Benchmarks;

/// <summary>How figures are printed.</summary>
static class Print
{
    public static void Machine() =>
        Line($"{Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}");

    public static void Title(string text) => Line($"\n{text}");

    public static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    /// <summary>What the process takes as it is, and what it and its managed heap do when the collector has freed what it can.</summary>
    public static void Memory(string goal)
    {
        var before = Environment.WorkingSet;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        Line($"  working set {before >> 20:N0} MiB, {Environment.WorkingSet >> 20:N0} MiB after a collection, of it heap {GC.GetTotalMemory(forceFullCollection: false) >> 20:N0} MiB ({goal})");
    }
}

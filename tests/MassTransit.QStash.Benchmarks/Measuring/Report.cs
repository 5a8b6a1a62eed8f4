using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace MassTransit.QStash.Benchmarks.Measuring;

/// <summary>
/// Prints the table, and keeps it as JSON.
/// </summary>
static class Report
{
    static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static void Print(IReadOnlyCollection<Comparison> comparisons)
    {
        Console.WriteLine("| # | Work | Against | Ours | Theirs | Ratio | Half of the rounds | Goal | |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (var c in comparisons)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {c.Row} | {c.Work} | {c.Peer} | {Number(c.Ours)} {c.Unit} | {Number(c.Theirs)} {c.Unit} | {c.Ratio:0.00} | {c.Low:0.00}–{c.High:0.00} | {c.Goal} | {Mark(c.Reached)} |"));
        }
    }

    public static async Task Save(string path, IReadOnlyCollection<Comparison> comparisons)
    {
        var report = new
        {
            Machine = $"{Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}",
            Comparisons = comparisons,
        };

        await File.WriteAllTextAsync(path, JsonSerializer.Serialize(report, Options) + "\n");
    }

    static string Number(double value) => value switch
    {
        0 => "0",
        >= 1000 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00", CultureInfo.InvariantCulture),
    };

    static string Mark(bool? reached) => reached switch
    {
        true => "reached",
        false => "missed",
        null => "",
    };
}

using System.Diagnostics;

namespace MassTransit.QStash.Benchmarks.Measuring;

/// <summary>
/// Runs competitors in turns, so that whatever the machine does meanwhile meets all of them, and takes medians.
/// </summary>
static class Rounds
{
    /// <summary>Measures each competitor once per round, after a warm-up round that does not count.</summary>
    /// <param name="rounds">How many rounds count.</param>
    /// <param name="operations">How many operations a competitor carries out each time it is called.</param>
    /// <param name="competitors">Each carries out the operations and returns when they are done.</param>
    public static async Task<Cost[]> Compare(int rounds, int operations, params Func<Task>[] competitors)
    {
        var microseconds = competitors.Select(_ => new List<double>()).ToArray();
        var bytes = competitors.Select(_ => new List<double>()).ToArray();

        for (var round = -1; round < rounds; round++)
        {
            for (var i = 0; i < competitors.Length; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();

                var allocated = GC.GetTotalAllocatedBytes(precise: true);
                var started = Stopwatch.GetTimestamp();
                await competitors[i]();
                var elapsed = Stopwatch.GetElapsedTime(started);

                if (round < 0)
                    continue;

                microseconds[i].Add(elapsed.TotalMicroseconds / operations);
                bytes[i].Add((double)(GC.GetTotalAllocatedBytes(precise: true) - allocated) / operations);
            }
        }

        return [.. competitors.Select((_, i) => new Cost(microseconds[i].Median(), bytes[i].Median()))];
    }
}

using System.Diagnostics;
using System.Runtime;

namespace MassTransit.QStash.Benchmarks.Measuring;

/// <summary>
/// Runs competitors in turns, so that whatever the machine does meanwhile meets all of them.
/// </summary>
static class Rounds
{
    const int MostWarmUps = 12;

    /// <summary>Lets each competitor measure itself once per round, after a warm-up round that does not count.</summary>
    /// <returns>The result of each competitor in each round.</returns>
    public static async Task<T[][]> Run<T>(int rounds, params Func<Task<T>>[] competitors)
    {
        var results = competitors.Select(_ => new List<T>()).ToArray();

        for (var round = -1; round < rounds; round++)
        {
            for (var turn = 0; turn < competitors.Length; turn++)
            {
                // Another one begins each time, as the first of a round may find a machine that others left in another state.
                var i = (turn + round + 1) % competitors.Length;
                var result = await competitors[i]();

                if (round >= 0)
                    results[i].Add(result);
            }
        }

        return [.. results.Select(list => list.ToArray())];
    }

    /// <summary>
    /// Measures what this process spends on each competitor, when its methods have been compiled for the last time: compiling takes
    /// seconds of the processor, and more of them for whoever has more methods.
    /// </summary>
    /// <param name="rounds">How many rounds count.</param>
    /// <param name="operations">How many operations a competitor carries out each time it is called.</param>
    /// <param name="competitors">Each carries out the operations and returns when they are done.</param>
    public static async Task<Cost[][]> Compare(int rounds, int operations, params Func<Task>[] competitors)
    {
        for (var round = 0; round < MostWarmUps; round++)
        {
            var (compiling, processor) = (JitInfo.GetCompilationTime(), Environment.CpuUsage.TotalTime);

            foreach (var competitor in competitors)
                await competitor();

            if (JitInfo.GetCompilationTime() - compiling < (Environment.CpuUsage.TotalTime - processor) / 50)
                break;
        }

        return await Run(rounds, [.. competitors.Select(competitor => (Func<Task<Cost>>)(() => Measure(operations, competitor)))]);
    }

    /// <summary>Measures what this process spends on some work.</summary>
    public static async Task<Cost> Measure(int operations, Func<Task> work)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();

        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var processor = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        await work();
        var elapsed = Stopwatch.GetElapsedTime(started);

        return new Cost(elapsed.TotalMicroseconds / operations,
            (Environment.CpuUsage.TotalTime - processor).TotalMicroseconds / operations,
            (double)(GC.GetTotalAllocatedBytes(precise: true) - allocated) / operations);
    }
}

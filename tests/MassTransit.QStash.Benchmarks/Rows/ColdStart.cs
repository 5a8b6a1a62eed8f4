using System.Diagnostics;
using MassTransit.QStash.Benchmarks.Measuring;
using MassTransit.QStash.Benchmarks.Services;
using QStash.Emulator;

namespace MassTransit.QStash.Benchmarks.Rows;

/// <summary>
/// Row 6: from the start of the process to the first message consumed.
/// </summary>
sealed class ColdStart : IRow
{
    public int Number => 6;

    public async Task<IReadOnlyList<Comparison>> Run(double scale)
    {
        await using var emulator = await QStashEmulator.StartAsync();
        var rounds = Math.Max(3, (int)(15 * scale));
        var milliseconds = new Dictionary<string, List<double>>();

        // One round more than counts: the first reads the files from disk.
        for (var round = -1; round < rounds; round++)
        {
            foreach (var transport in ColdService.Transports)
            {
                var started = Stopwatch.GetTimestamp();
                await using var process = ChildProcess.Start(typeof(ColdStart).Assembly.Location, ColdService.Argument, transport, emulator.Url.AbsoluteUri);
                await process.WaitForLine(ColdService.Done);

                if (round >= 0)
                    (milliseconds.TryGetValue(transport, out var list) ? list : milliseconds[transport] = []).Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
        }

        var ours = milliseconds[ColdService.QStash].Median();
        var inMemory = milliseconds[ColdService.InMemory].Median();

        return
        [
            new(Number, "cold start to the first message", "UsingInMemory", ours, inMemory, "ms", "≤ 1.15", ours <= 1.15 * inMemory),
            new(Number, "cold start to the first message", "bare ASP.NET Core, first request", ours, milliseconds[ColdService.Bare].Median(), "ms"),
        ];
    }
}

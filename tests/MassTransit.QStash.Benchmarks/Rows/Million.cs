using System.Diagnostics;
using MassTransit.QStash.Benchmarks.Measuring;
using MassTransit.QStash.Benchmarks.Services;

namespace MassTransit.QStash.Benchmarks.Rows;

/// <summary>
/// Row 8: a million messages end to end, and what they leave in memory.
/// </summary>
sealed class Million : IRow
{
    const int Slices = 10;

    public int Number => 8;

    public async Task<IReadOnlyList<Comparison>> Run(double scale)
    {
        var slice = (int)(1_000_000 * scale) / Slices;
        await using var flow = await QStashFlow.Start(durable: false);
        var services = new double[Slices];
        var emulator = new double[Slices];
        var seconds = new double[Slices];

        for (var i = 0; i < Slices; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await PublishToConsume.PublishMany(flow, slice);
            seconds[i] = Stopwatch.GetElapsedTime(started).TotalSeconds;
            services[i] = GC.GetTotalMemory(forceFullCollection: true) / 1024.0 / 1024;
            emulator[i] = flow.EmulatorMemory / 1024.0 / 1024;
            Console.Error.WriteLine($"  {(i + 1) * slice:#,0}: {slice / seconds[i]:#,0}/s, services {services[i]:0.0} MiB, emulator {emulator[i]:0} MiB");
        }

        return
        [
            new(Number, $"heap of the services after {slice * Slices:#,0} messages", $"after {slice:#,0}", services[^1], services[0], "MiB", "no growth (≤ 1.1)", services[^1] <= 1.1 * services[0]),
            new(Number, $"working set of the emulator after {slice * Slices:#,0}", $"after {2 * slice:#,0}", emulator[^1], emulator[1], "MiB"),
            new(Number, "last slice", "first slice", slice / seconds[^1], slice / seconds[0], "/s"),
        ];
    }
}

using System.Diagnostics;
using QStash.Emulator.Benchmarks.Load;

namespace QStash.Emulator.Benchmarks.Scenarios;

/// <summary>What a million messages cost that wait in one queue behind a delayed one.</summary>
sealed class LongQueue : IScenario
{
    const int Slices = 10;
    const string Queue = "q";

    public async Task RunAsync(double scale)
    {
        var slice = (int)(100_000 * scale);
        Print.Title($"{slice * Slices:N0} messages in one queue");
        using var destination = new Destination(slice * Slices);
        await using var emulator = await QStashEmulator.StartAsync(
            new QStashEmulatorOptions { DeliveryHandler = destination, TimeProvider = new VirtualClock() });
        using var load = new Publisher(emulator);
        for (var i = 0; i < Slices; i++)
        {
            var offset = i * slice;
            var started = Stopwatch.GetTimestamp();
            await load.PublishBatchesAsync(slice, index => offset + index < slice ? 60 : 0, Queue);
            Print.Line($"  {(i + 1) * slice,9:N0}: {Stopwatch.GetElapsedTime(started).TotalMicroseconds / slice,5:N1} us for a publish");
        }

        Print.Memory("goal less than 1,024 MiB");
        var delivering = Stopwatch.GetTimestamp();
        await emulator.AdvanceAsync(TimeSpan.FromMinutes(1));
        await destination.Reached;
        var seconds = Stopwatch.GetElapsedTime(delivering).TotalSeconds;
        Print.Line($"  delivered one after the other in {seconds:N1} s, {slice * Slices / seconds:N0} a second");
    }
}

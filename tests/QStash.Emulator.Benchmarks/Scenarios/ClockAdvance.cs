using System.Diagnostics;
using QStash.Emulator.Benchmarks.Load;

namespace QStash.Emulator.Benchmarks.Scenarios;

/// <summary>How long it takes to play the time of delayed messages, each due at a time of its own, with one call.</summary>
sealed class ClockAdvance : IScenario
{
    public async Task RunAsync(double scale)
    {
        Print.Title("Advancing the clock over delayed messages, goal O(n log n): 2.1 times as long for twice as many");
        var before = 0.0;
        // The first ones are run by code that is not optimized yet.
        await MeasureAsync((int)(125_000 * scale));
        foreach (var thousands in (int[])[125, 250, 500, 1000])
        {
            var count = (int)(thousands * 1000 * scale);
            var seconds = await MeasureAsync(count);
            Print.Line($"  {count,9:N0}: {seconds,6:N2} s, {seconds * 1_000_000 / count,5:N1} us each{(before > 0 ? $", {seconds / before:N2} times" : "")}");
            before = seconds;
        }
    }

    static async Task<double> MeasureAsync(int count)
    {
        using var destination = new Destination(count);
        await using var emulator = await QStashEmulator.StartAsync(
            new QStashEmulatorOptions { DeliveryHandler = destination, TimeProvider = new VirtualClock() });
        using var load = new Publisher(emulator);
        await load.PublishBatchesAsync(count, DueTimes.Of);
        var started = Stopwatch.GetTimestamp();
        await emulator.AdvanceAsync(DueTimes.All);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return destination.Reached.IsCompleted ? seconds : throw new InvalidOperationException("Not all messages were delivered.");
    }
}

using QStash.Emulator.Benchmarks.Load;

namespace QStash.Emulator.Benchmarks.Scenarios;

/// <summary>What is left in memory of a million messages that were delivered: their log, and their deduplication ids for ten minutes.</summary>
sealed class DeliveredMessages : IScenario
{
    public async Task RunAsync(double scale)
    {
        var count = (int)(1_000_000 * scale);
        Print.Title($"{count:N0} delivered messages of 1,200 bytes, each with a deduplication id");
        using var destination = new Destination(count);
        await using var emulator = await QStashEmulator.StartAsync(new QStashEmulatorOptions { DeliveryHandler = destination });
        using var load = new Publisher(emulator, bodySize: 1200);
        for (var tenth = 1; tenth <= 10; tenth++)
        {
            await load.PublishBatchesAsync(count / 10, deduplicate: true, from: count / 10 * (tenth - 1));
            await emulator.WaitUntilIdleAsync();
            Print.Line($"  {count / 10 * tenth,9:N0}: working set {Environment.WorkingSet >> 20:N0} MiB");
        }

        await destination.Reached;
        Print.Memory("goal less than 600 MiB");
        await emulator.ResetAsync();
        Print.Line($"  after a reset: working set {Environment.WorkingSet >> 20:N0} MiB");
    }
}

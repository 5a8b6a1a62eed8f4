using System.Diagnostics;
using QStash.Emulator.Benchmarks.Load;

namespace QStash.Emulator.Benchmarks.Scenarios;

/// <summary>How many messages a second are published and delivered, signature and log included, in memory and durable.</summary>
sealed class Deliveries : IScenario
{
    public async Task RunAsync(double scale)
    {
        Print.Title("Deliveries a second, published over HTTP and delivered in process");
        foreach (var durable in (bool[])[false, true])
        {
            var goal = durable ? "durable, goal 3,000" : "in memory, goal 10,000";
            // The first ones are run by code that is not optimized yet.
            await MeasureAsync(durable, (int)(50_000 * scale), static (load, count) => load.PublishBatchesAsync(count));
            var batches = await MeasureAsync(durable, (int)(200_000 * scale), static (load, count) => load.PublishBatchesAsync(count));
            var calls = await MeasureAsync(durable, (int)(100_000 * scale), static (load, count) => load.PublishAsync(count, connections: 64));
            Print.Line($"  {batches.Rate,8:N0} in batches of 100, {calls.Rate,8:N0} with a call for each, 64 at a time ({goal})");
            Print.Line($"  {batches.Microseconds,8:N1} and {calls.Microseconds,8:N1} us of processor time for a message, publisher included");
            Print.Line($"  {batches.Bytes,8:N0} and {calls.Bytes,8:N0} bytes allocated");
        }
    }

    static async Task<(double Rate, double Microseconds, double Bytes)> MeasureAsync(bool durable, int count, Func<Publisher, int, Task> publish)
    {
        var folder = Directory.CreateTempSubdirectory("qstash-emulator-");
        try
        {
            using var destination = new Destination(count);
            await using var emulator = await QStashEmulator.StartAsync(new QStashEmulatorOptions
            {
                DeliveryHandler = destination,
                DataPath = durable ? Path.Combine(folder.FullName, "data") : null,
            });
            using var load = new Publisher(emulator);
            var started = Stopwatch.GetTimestamp();
            var busy = Environment.CpuUsage.TotalTime;
            var allocated = GC.GetTotalAllocatedBytes();
            await publish(load, count);
            await destination.Reached;
            return (
                count / Stopwatch.GetElapsedTime(started).TotalSeconds,
                (Environment.CpuUsage.TotalTime - busy).TotalMicroseconds / count,
                (double)(GC.GetTotalAllocatedBytes() - allocated) / count);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}

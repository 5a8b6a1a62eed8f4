using System.Diagnostics;
using QStash.Emulator.Benchmarks.Load;

namespace QStash.Emulator.Benchmarks.Scenarios;

/// <summary>What a test pays for an emulator of its own: from the start to the first message that was delivered.</summary>
sealed class FirstMessage : IScenario
{
    const int Rounds = 200;

    public async Task RunAsync(double scale)
    {
        Print.Title("From StartAsync to the first delivered message");
        var cold = await MeasureAsync();
        Print.Line($"  cold, the first of the process: {cold.Started,6:N1} ms to start, {cold.Delivered,6:N1} ms in all");
        var warm = new List<(double Started, double Delivered)>();
        var busy = TimeSpan.Zero;
        for (var i = 0; i < Rounds * scale; i++)
        {
            // The first ones are run by code that is not optimized yet.
            if (i == (int)(Rounds * scale / 4))
                busy = Environment.CpuUsage.TotalTime;

            warm.Add(await MeasureAsync());
        }

        var rest = warm.Skip(warm.Count / 4).ToList();
        Print.Line($"  warm, median of {rest.Count}:            {Median(rest, static time => time.Started),6:N1} ms to start, {Median(rest, static time => time.Delivered),6:N1} ms in all (goal 5 ms)");
        Print.Line($"  warm, processor time of one, its end included: {(Environment.CpuUsage.TotalTime - busy).TotalMilliseconds / rest.Count:N1} ms");
        Print.Line($"  warm, the best:                 {rest.Min(static time => time.Started),6:N1} ms to start, {rest.Min(static time => time.Delivered),6:N1} ms in all");
    }

    static double Median(List<(double Started, double Delivered)> times, Func<(double Started, double Delivered), double> value) =>
        times.Select(value).Order().ElementAt(times.Count / 2);

    static async Task<(double Started, double Delivered)> MeasureAsync()
    {
        using var destination = new Destination(1);
        var beginning = Stopwatch.GetTimestamp();
        await using var emulator = await QStashEmulator.StartAsync(new QStashEmulatorOptions { DeliveryHandler = destination });
        var started = Stopwatch.GetElapsedTime(beginning).TotalMilliseconds;
        using var load = new Publisher(emulator);
        await load.PublishAsync(1, connections: 1);
        await destination.Reached;
        return (started, Stopwatch.GetElapsedTime(beginning).TotalMilliseconds);
    }
}

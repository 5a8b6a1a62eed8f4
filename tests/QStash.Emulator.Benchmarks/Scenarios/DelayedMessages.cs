using System.Diagnostics;
using QStash.Emulator.Benchmarks.Load;

namespace QStash.Emulator.Benchmarks.Scenarios;

/// <summary>What a million delayed messages cost to publish and to hold, and to read again at the start.</summary>
sealed class DelayedMessages : IScenario
{
    /// <summary>The argument with which the program only starts an emulator.</summary>
    public const string StartAgain = "start-again";

    const int Slices = 10;

    public async Task RunAsync(double scale)
    {
        foreach (var durable in (bool[])[false, true])
        {
            var folder = Directory.CreateTempSubdirectory("qstash-emulator-");
            try
            {
                await RunAsync((int)(100_000 * scale), durable ? Path.Combine(folder.FullName, "data") : null);
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }
    }

    static async Task RunAsync(int slice, string? path)
    {
        var options = new QStashEmulatorOptions { DeliveryHandler = new Destination(int.MaxValue), TimeProvider = new VirtualClock(), DataPath = path };
        await PublishAsync(slice, options);
        if (path is null)
            return;

        // As after a restart, without the memory of the emulator before.
        using var process = Process.Start(Environment.ProcessPath!, [StartAgain, path]);
        await process.WaitForExitAsync();
    }

    /// <summary>Starts an emulator with a file that exists.</summary>
    public static async Task StartAgainAsync(string path)
    {
        var starting = Stopwatch.GetTimestamp();
        await using var emulator = await QStashEmulator.StartAsync(new QStashEmulatorOptions { TimeProvider = new VirtualClock(), DataPath = path });
        Print.Line($"  started again in {Stopwatch.GetElapsedTime(starting).TotalSeconds:N1} s from {new FileInfo(path).Length >> 20:N0} MiB");
        Print.Memory("goal less than 1,024 MiB");
    }

    static async Task PublishAsync(int slice, QStashEmulatorOptions options)
    {
        Print.Title($"{slice * Slices:N0} delayed messages of 300 bytes, {(options.DataPath is null ? "in memory" : "durable")}");
        await using var emulator = await QStashEmulator.StartAsync(options);
        using var load = new Publisher(emulator, bodySize: 300);
        // The first ones are run by code that is not optimized yet.
        await load.PublishBatchesAsync(slice / 2);
        await emulator.WaitUntilIdleAsync();
        for (var i = 0; i < Slices; i++)
        {
            var offset = i * slice;
            var started = Stopwatch.GetTimestamp();
            await load.PublishBatchesAsync(slice, index => DueTimes.Of(offset + index));
            Print.Line($"  {(i + 1) * slice,9:N0}: {Stopwatch.GetElapsedTime(started).TotalMicroseconds / slice,5:N1} us for a publish");
        }

        Print.Memory("goal less than 1,024 MiB");
    }
}

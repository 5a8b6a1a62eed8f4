namespace MassTransit.QStash.Benchmarks.Services;

/// <summary>Two services with the emulator between them.</summary>
sealed class QStashFlow(string name, EmulatorProcess emulator, QStashApp publisher, QStashApp consumer, Countdown consumed, string? folder) : IOrderFlow
{
    public string Name => name;

    public IBus Publisher => publisher.Bus;

    public Countdown Consumed => consumed;

    /// <param name="durable">Whether the emulator keeps everything on disk, as a broker does with durable messages.</param>
    public static async Task<QStashFlow> Start(bool durable)
    {
        var folder = durable ? Directory.CreateTempSubdirectory("qstash-").FullName : null;
        var emulator = await EmulatorProcess.Start(folder is null ? [] : ["--data", Path.Combine(folder, "qstash.db")]);
        var consumed = new Countdown();

        return new QStashFlow(durable ? "emulator, durable" : "emulator", emulator,
            await QStashApp.Start(emulator.Url, FreePort.Find(), _ => { }),
            await QStashApp.Start(emulator.Url, FreePort.Find(), cfg => cfg.ReceiveEndpoint("orders", e => e.Handler<Messages.OrderPlaced>(consumed.Consume))),
            consumed, folder);
    }

    public async ValueTask DisposeAsync()
    {
        await publisher.DisposeAsync();
        await consumer.DisposeAsync();
        await emulator.DisposeAsync();

        if (folder is not null)
            Directory.Delete(folder, recursive: true);
    }
}

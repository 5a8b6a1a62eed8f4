using System.Globalization;
using MassTransit.QStash.Benchmarks.Load;
using MassTransit.QStash.Benchmarks.Measuring;
using MassTransit.QStash.Benchmarks.Messages;
using MassTransit.QStash.Benchmarks.Services;
using QStash.Emulator;

namespace MassTransit.QStash.Benchmarks.Rows;

/// <summary>
/// Row 7: how the cost of a receive grows with the number of endpoints, the size of the body and the concurrency.
/// </summary>
sealed class Growth : IRow
{
    public int Number => 7;

    public async Task<IReadOnlyList<Comparison>> Run(double scale) =>
    [
        .. await Endpoints((int)(20_000 * scale)),
        .. await Bodies(scale),
        .. await Concurrency((int)(20_000 * scale)),
    ];

    async Task<IReadOnlyList<Comparison>> Endpoints(int count)
    {
        await using var emulator = await QStashEmulator.StartAsync();
        var message = await Capture.Message(new OrderPlaced(1, 0, OrderPlaced.TextOf(200)));
        int[] numbers = [1, 10, 100, 1000];
        List<IAsyncDisposable> started = [];
        List<Func<Task>> competitors = [];

        foreach (var number in numbers)
        {
            var app = await Start(emulator, number);
            var load = await RawLoad.Connect(app.LocalAddress, 64);
            started.Add(app);
            competitors.Add(() => load.Send(Request(app, emulator, message, number - 1), count));
        }

        var costs = await Rounds.Compare(5, count, [.. competitors]);

        foreach (var app in started)
            await app.DisposeAsync();

        return [.. numbers.Skip(1).Select((number, i) => new Comparison(Number, $"receive at one of {number:#,0} endpoints", "the only one",
            costs[i + 1].Microseconds, costs[0].Microseconds, "µs", number == 1000 ? "flat (≤ 1.15)" : "",
            number == 1000 ? costs[i + 1].Microseconds <= 1.15 * costs[0].Microseconds : null))];
    }

    async Task<IReadOnlyList<Comparison>> Bodies(double scale)
    {
        await using var emulator = await QStashEmulator.StartAsync();
        await using var app = await Start(emulator, 1);
        await using var dispatcher = await EnvelopeDispatcher.Start();
        using var load = await RawLoad.Connect(app.LocalAddress, 2);
        List<Comparison> comparisons = [];

        foreach (var kilobytes in (int[])[1, 10, 100, 1_000, 10_000])
        {
            var message = await Capture.Message(new OrderPlaced(1, 0, OrderPlaced.TextOf(kilobytes * 1000)));
            var count = Math.Max(10, (int)(40_000 * scale / kilobytes));
            var costs = await Rounds.Compare(3, count,
                () => load.Send(Request(app, emulator, message, 0), count),
                () => load.Send(SignedRequest.Create(app.LocalAddress, "/bare", "", message, emulator.DefaultUser), count),
                () => dispatcher.Dispatch(message, count, 2));

            // Making the request is a part of what is measured, once each time.
            var own = costs[0].AllocatedBytes - costs[1].AllocatedBytes - costs[2].AllocatedBytes;
            var isLarge = kilobytes >= 100;

            comparisons.Add(new Comparison(Number, string.Create(CultureInfo.InvariantCulture, $"receive a body of {kilobytes:#,0} KB"), "bare Kestrel + dispatch",
                costs[0].Microseconds, costs[1].Microseconds + costs[2].Microseconds, "µs"));
            comparisons.Add(new Comparison(Number, string.Create(CultureInfo.InvariantCulture, $"allocation beyond both for {kilobytes:#,0} KB"), "the body's size",
                own, message.Body.Length, "B", isLarge ? "≤ 2.0" : "", isLarge ? own <= 2 * message.Body.Length : null));
        }

        return comparisons;
    }

    async Task<IReadOnlyList<Comparison>> Concurrency(int count)
    {
        await using var emulator = await QStashEmulator.StartAsync();
        await using var app = await Start(emulator, 1);
        var message = await Capture.Message(new OrderPlaced(1, 0, OrderPlaced.TextOf(200)));
        int[] connections = [1, 10, 100, 1000];
        List<RawLoad> loads = [];

        foreach (var number in connections)
            loads.Add(await RawLoad.Connect(app.LocalAddress, number));

        var costs = await Rounds.Compare(5, count, [.. loads.Select(load => (Func<Task>)(() => load.Send(Request(app, emulator, message, 0), count)))]);

        foreach (var load in loads)
            load.Dispose();

        return [.. connections.Skip(1).Select((number, i) => new Comparison(Number, $"receive over {number:#,0} connections", "10 connections",
            costs[i + 1].Microseconds, costs[1].Microseconds, "µs"))];
    }

    static Task<QStashApp> Start(QStashEmulator emulator, int endpoints) => QStashApp.StartIdle(emulator.Url, FreePort.Take(),
        Enumerable.Range(0, endpoints).Select(i => $"orders-{i}"), h => h.MaxBodySize(64 * 1024 * 1024));

    static byte[] Request(QStashApp app, QStashEmulator emulator, CapturedMessage message, int endpoint) => SignedRequest.Create(app.LocalAddress,
        $"/qstash/orders-{endpoint}", $"{app.LocalAddress}qstash/orders-{endpoint}", message, emulator.DefaultUser);
}

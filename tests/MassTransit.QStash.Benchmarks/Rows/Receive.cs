using System.Globalization;
using MassTransit.QStash.Benchmarks.Load;
using MassTransit.QStash.Benchmarks.Measuring;
using MassTransit.QStash.Benchmarks.Messages;
using MassTransit.QStash.Benchmarks.Services;
using QStash.Emulator;

namespace MassTransit.QStash.Benchmarks.Rows;

/// <summary>
/// Row 2: from an HTTP request to its answer, with a consumer that does nothing.
/// </summary>
sealed class Receive : IRow
{
    const int Connections = 64;
    const string EndpointName = "orders";

    public int Number => 2;

    public async Task<IReadOnlyList<Comparison>> Run(double scale)
    {
        var count = (int)(40_000 * scale);
        await using var emulator = await QStashEmulator.StartAsync();
        await using var app = await QStashApp.StartIdle(emulator.Url, FreePort.Take(), [EndpointName]);
        await using var dispatcher = await EnvelopeDispatcher.Start();

        var message = await Capture.Message(new OrderPlaced(1, 0, OrderPlaced.TextOf(200)));
        using var load = await RawLoad.Connect(app.LocalAddress, Connections);
        var bare = SignedRequest.Create(app.LocalAddress, "/bare", $"{app.LocalAddress}bare", message, emulator.DefaultUser);

        // Signed anew for each use, as a signature lives for five minutes.
        byte[] Request() => SignedRequest.Create(app.LocalAddress, $"/qstash/{EndpointName}", $"{app.LocalAddress}qstash/{EndpointName}", message, emulator.DefaultUser);

        var costs = await Rounds.Compare(9, count,
            () => load.Send(Request(), count),
            () => load.Send(bare, count),
            () => dispatcher.Dispatch(message, count, Connections));

        var (ours, http, dispatch) = (costs[0], costs[1], costs[2]);
        var sum = http.Microseconds + dispatch.Microseconds;
        var own = ours.AllocatedBytes - http.AllocatedBytes - dispatch.AllocatedBytes;

        return
        [
            new(Number, string.Create(CultureInfo.InvariantCulture, $"receive {message.Body.Length / 1024.0:0.0} KB, {Connections} connections"),
                string.Create(CultureInfo.InvariantCulture, $"bare Kestrel ({http.Microseconds:0.0} µs) + dispatch ({dispatch.Microseconds:0.0} µs)"),
                ours.Microseconds, sum, "µs", "≤ 1.15", ours.Microseconds <= 1.15 * sum),
            new(Number, "its allocation beyond both", "1.5 KB", own, 1536, "B", "≤ 1.00", own <= 1536),
        ];
    }
}

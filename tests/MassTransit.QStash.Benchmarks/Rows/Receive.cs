using System.Globalization;
using MassTransit.QStash.Benchmarks.Load;
using MassTransit.QStash.Benchmarks.Measuring;
using MassTransit.QStash.Benchmarks.Messages;
using MassTransit.QStash.Benchmarks.Services;

namespace MassTransit.QStash.Benchmarks.Rows;

/// <summary>
/// Row 5: processor time from an HTTP request to its answer, with a consumer that does nothing. Its own part is what is beyond an
/// endpoint that reads the body and MassTransit's dispatch; the two hashes that each delivery needs are what it is held against.
/// </summary>
sealed class Receive : IRow
{
    const int Connections = 16;
    const int Pipelined = 16;
    const string EndpointName = "orders";

    public int Number => 5;

    public async Task<IReadOnlyList<Comparison>> Run(Effort effort)
    {
        var count = effort.Of(160) * Connections * Pipelined;
        await using var api = await SilentQStash.Start();
        await using var app = await QStashApp.StartIdle(api.Url, FreePort.Find(), [EndpointName]);
        await using var dispatcher = await EnvelopeDispatcher.Start();

        var message = await Capture.Message(new OrderPlaced(1, 0, OrderPlaced.TextOf(200)));
        using var load = await RawLoad.Connect(app.LocalAddress, Connections);

        // Signed anew for each use, as a signature lives for five minutes.
        Task Send(string path) => load.Send(
            SignedRequest.Create(app.LocalAddress, path, new Uri(app.LocalAddress, path).AbsoluteUri, message, BareEndpoint.SigningKey), count, Pipelined);

        var costs = await Rounds.Compare(effort.Rounds, count,
            () => Send($"/qstash/{EndpointName}"),
            () => Send(QStashApp.BarePath),
            () => Send(QStashApp.HashedPath),
            () => dispatcher.Dispatch(message, count, Connections));

        var (ours, bare, hashed, dispatch) = (costs[0], costs[1], costs[2], costs[3]);
        var both = Each(cost => cost.ProcessorMicroseconds, bare, dispatch, (one, other) => one + other);
        var own = ours.Zip(both, (our, their) => our.ProcessorMicroseconds - their).ToArray();
        var hashes = Each(cost => cost.ProcessorMicroseconds, hashed, bare, (one, other) => one - other);
        var allocated = ours.Zip(Each(cost => cost.Bytes, bare, dispatch, (one, other) => one + other), (our, their) => our.Bytes - their).ToArray();
        var size = string.Create(CultureInfo.InvariantCulture, $"receive {message.Body.Length / 1024.0:0.0} KB");

        return
        [
            Comparison.Of(Number, $"{size}, own part of the processor time", "HMAC and SHA-256 in a bare endpoint", "µs", own, hashes, Goal.AtMost(1.3)),
            Comparison.Of(Number, $"{size}, processor time", "bare Kestrel + dispatch", "µs", [.. ours.Select(cost => cost.ProcessorMicroseconds)], both),
            Comparison.Of(Number, "its allocation beyond both", "the body", "B", allocated, [.. allocated.Select(_ => (double)message.Body.Length)]),
        ];

        static double[] Each(Func<Cost, double> figure, Cost[] ones, Cost[] others, Func<double, double, double> combine) =>
            [.. ones.Zip(others, (one, other) => combine(figure(one), figure(other)))];
    }
}

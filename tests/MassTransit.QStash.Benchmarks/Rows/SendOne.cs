using System.Net.Http.Headers;
using MassTransit.QStash.Benchmarks.Load;
using MassTransit.QStash.Benchmarks.Measuring;
using MassTransit.QStash.Benchmarks.Messages;
using MassTransit.QStash.Benchmarks.Services;

namespace MassTransit.QStash.Benchmarks.Rows;

/// <summary>
/// Row 3: send, one at a time.
/// </summary>
sealed class SendOne : IRow
{
    public int Number => 3;

    public async Task<IReadOnlyList<Comparison>> Run(double scale)
    {
        List<Comparison> comparisons = [];
        await using var memory = await DroppingBus.Start();
        var dropped = await memory.GetSendEndpoint();

        foreach (var roundTrip in (TimeSpan[])[TimeSpan.Zero, TimeSpan.FromMilliseconds(2)])
        {
            var count = (int)((roundTrip == TimeSpan.Zero ? 5_000 : 500) * scale);
            await using var api = await SilentQStash.Start(roundTrip);
            await using var app = await QStashApp.Start(api.Url, FreePort.Take(), _ => { });
            var endpoint = await app.Bus.GetSendEndpoint(new Uri("queue:orders"));
            var order = new OrderPlaced(1, 0, OrderPlaced.TextOf(200));
            await endpoint.Send(order);

            var message = api.First;
            using var client = new HttpClient();
            var url = new Uri(api.Url, "/v2/publish/x");

            var costs = await Rounds.Compare(9, count,
                async () =>
                {
                    for (var i = 0; i < count; i++)
                        await endpoint.Send(order);
                },
                async () =>
                {
                    for (var i = 0; i < count; i++)
                    {
                        using var content = new ByteArrayContent(message.Body);
                        content.Headers.ContentType = MediaTypeHeaderValue.Parse(message.ContentType);
                        using var response = await client.PostAsync(url, content);
                        response.EnsureSuccessStatusCode();
                    }
                },
                async () =>
                {
                    for (var i = 0; i < count; i++)
                        await dropped.Send(order);
                });

            var work = $"send one at a time, round trip {(roundTrip == TimeSpan.Zero ? "of loopback" : $"+{roundTrip.TotalMilliseconds} ms")}";
            var goal = roundTrip == TimeSpan.Zero ? "≥ 0.9" : "";
            comparisons.Add(new Comparison(Number, work, "HttpClient POST of the same bytes", costs[0].PerSecond, costs[1].PerSecond, "/s",
                goal, goal.Length > 0 ? costs[0].PerSecond >= 0.9 * costs[1].PerSecond : null));

            if (roundTrip == TimeSpan.Zero)
            {
                comparisons.Add(new Comparison(Number, work, "that POST and MassTransit's in-memory send of the message",
                    costs[0].PerSecond, 1_000_000 / (costs[1].Microseconds + costs[2].Microseconds), "/s"));
                comparisons.Add(new Comparison(Number, "allocated for a send, with the server's part", "the same two",
                    costs[0].AllocatedBytes, costs[1].AllocatedBytes + costs[2].AllocatedBytes, "B"));
            }
        }

        return comparisons;
    }
}

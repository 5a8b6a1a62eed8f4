using MassTransit.QStash.Benchmarks.Load;
using MassTransit.QStash.Benchmarks.Measuring;
using MassTransit.QStash.Benchmarks.Messages;
using MassTransit.QStash.Benchmarks.Services;

namespace MassTransit.QStash.Benchmarks.Rows;

/// <summary>
/// Row 4: many senders at a time, with a network between them and QStash.
/// </summary>
sealed class SendMany : IRow
{
    public int Number => 4;

    public async Task<IReadOnlyList<Comparison>> Run(double scale)
    {
        // More than 256 to show what remains where the round trip is not the limit.
        return [.. await Run(256, (int)Math.Max(8, 80 * scale), "≥ 8"), .. await Run(4096, (int)Math.Max(2, 8 * scale), "")];
    }

    async Task<IReadOnlyList<Comparison>> Run(int senders, int each, string goal)
    {
        await using var api = await SilentQStash.Start(TimeSpan.FromMilliseconds(20));
        await using var together = await QStashApp.Start(api.Url, FreePort.Take(), _ => { });
        await using var alone = await QStashApp.Start(api.Url, FreePort.Take(), _ => { }, host => host.CoalesceSends(false));
        var order = new OrderPlaced(1, 0, OrderPlaced.TextOf(200));

        List<double> ours = [], theirs = [];
        var costs = await Rounds.Compare(5, senders * each, () => Send(together, ours), () => Send(alone, theirs));

        return
        [
            new Comparison(Number, $"send, {senders:N0} at a time, round trip +20 ms", "the same without coalescing", costs[0].PerSecond, costs[1].PerSecond, "/s",
                goal, goal.Length > 0 ? costs[0].PerSecond >= 8 * costs[1].PerSecond : null),
            // Both ends, as they share this process.
            new Comparison(Number, $"messages per second of processor time, {senders:N0} at a time", "the same without coalescing",
                1e6 / ours.Median(), 1e6 / theirs.Median(), "/s"),
        ];

        async Task Send(QStashApp app, List<double> processorMicroseconds)
        {
            var endpoint = await app.Bus.GetSendEndpoint(new Uri("queue:orders"));
            var before = Environment.CpuUsage.TotalTime;

            await Task.WhenAll(Enumerable.Range(0, senders).Select(async _ =>
            {
                for (var i = 0; i < each; i++)
                    await endpoint.Send(order);
            }));

            processorMicroseconds.Add((Environment.CpuUsage.TotalTime - before).TotalMicroseconds / (senders * each));
        }
    }
}

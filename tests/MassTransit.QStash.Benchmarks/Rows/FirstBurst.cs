using MassTransit.QStash.Benchmarks.Measuring;
using MassTransit.QStash.Benchmarks.Messages;
using MassTransit.QStash.Benchmarks.Services;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MassTransit.QStash.Benchmarks.Rows;

/// <summary>
/// Row 3: many publishes at once, right after the start.
/// </summary>
sealed class FirstBurst : IRow
{
    const int Publishes = 256;

    public int Number => 3;

    public async Task<IReadOnlyList<Comparison>> Run(Effort effort)
    {
        await using var http2 = await SilentProcess.Start(TimeSpan.FromMilliseconds(20), HttpProtocols.Http1AndHttp2);
        await using var http1 = await SilentProcess.Start(TimeSpan.FromMilliseconds(20), HttpProtocols.Http1);
        (SilentProcess Api, bool Coalesces, string Name)[] ways = [(http1, false, "HTTP/1.1, each alone"), (http2, true, "as set by default"), (http1, true, "HTTP/1.1"), (http2, false, "HTTP/2, each alone")];

        var costs = await Rounds.Run(effort.Rounds, [.. ways.Select(way => (Func<Task<Cost>>)(() => Burst(way.Api, way.Coalesces)))]);

        List<Comparison> comparisons = [];
        for (var i = 1; i < ways.Length; i++)
        {
            var isDefault = i == 1;
            comparisons.Add(Comparison.Of(Number, $"first {Publishes} publishes, {ways[i].Name}", ways[0].Name, "ms", costs[i], costs[0], cost => cost.Milliseconds, isDefault ? Goal.AtMost(0.15) : null));
            comparisons.Add(Comparison.Of(Number, $"their processor time, {ways[i].Name}", ways[0].Name, "ms", costs[i], costs[0], cost => cost.ProcessorMilliseconds, isDefault ? Goal.AtMost(0.05) : null));
        }

        return comparisons;
    }

    static async Task<Cost> Burst(SilentProcess api, bool coalesces)
    {
        await using var app = await QStashApp.Start(api.Url, FreePort.Find(), _ => { }, host => host.CoalesceSends(coalesces));
        var order = new OrderPlaced(1, 0, OrderPlaced.TextOf(200));

        return await Rounds.Measure(1, () => Task.WhenAll(Enumerable.Range(0, Publishes).Select(_ => app.Bus.Publish(order))));
    }
}

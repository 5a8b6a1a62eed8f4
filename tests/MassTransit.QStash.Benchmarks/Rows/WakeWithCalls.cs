using MassTransit.QStash.Benchmarks.Measuring;
using MassTransit.QStash.Benchmarks.Services;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MassTransit.QStash.Benchmarks.Rows;

/// <summary>
/// Row 2: the wake of row 1 with calls to QStash over TLS: URL groups are joined meanwhile, or the first delivery publishes.
/// </summary>
sealed class WakeWithCalls : IRow
{
    static readonly (string Option, string Work)[] Calls = [("--deploy", "wake with topology deployment"), ("--publish", "wake and a first publish")];

    public int Number => 2;

    public async Task<IReadOnlyList<Comparison>> Run(Effort effort)
    {
        await using var api = await SilentProcess.Start(TimeSpan.Zero, HttpProtocols.Http1AndHttp2);
        var requests = await WakeForm.Requests();
        List<Comparison> comparisons = [];

        foreach (var form in await WakeForm.All)
        {
            var costs = await Rounds.Run(effort.Rounds, [Wake(WakeForm.QStash), .. Calls.Select(call => Wake(WakeForm.QStash, call.Option)), Wake(WakeForm.Bare), Wake(WakeForm.Bare, Calls[^1].Option)]);

            foreach (var (i, (_, work)) in Calls.Index())
            {
                comparisons.Add(Comparison.Of(Number, $"{work}, {form.Name}", "itself without", "ms", costs[i + 1], costs[0], cost => cost.Milliseconds, Goal.AtMost(1.25)));
                comparisons.Add(Comparison.Of(Number, $"its processor time, {form.Name}", "itself without", "ms", costs[i + 1], costs[0], cost => cost.ProcessorMilliseconds));
            }

            // The platform connects and sets up TLS for whoever calls first.
            comparisons.Add(Comparison.Of(Number, $"what the first publish adds, {form.Name}", "the first call of HttpClient in a bare minimal API", "ms", Added(costs[2], costs[0]), Added(costs[4], costs[3])));

            Func<Task<Cost>> Wake(string transport, params string[] options) => () => form.Wake(requests, transport, ["--api", api.Url.AbsoluteUri, .. options]);
        }

        return comparisons;

        static double[] Added(Cost[] with, Cost[] without) => [.. with.Zip(without, (one, other) => one.Milliseconds - other.Milliseconds)];
    }
}

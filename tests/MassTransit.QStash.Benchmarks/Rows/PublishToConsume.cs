using System.Diagnostics;
using MassTransit.QStash.Benchmarks.Measuring;
using MassTransit.QStash.Benchmarks.Messages;
using MassTransit.QStash.Benchmarks.Services;

namespace MassTransit.QStash.Benchmarks.Rows;

/// <summary>
/// Row 7: from publish to consume, between two services.
/// </summary>
sealed class PublishToConsume : IRow
{
    const int Publishers = 64;

    public int Number => 7;

    public async Task<IReadOnlyList<Comparison>> Run(Effort effort)
    {
        if (!RabbitMqServer.IsInstalled)
        {
            Console.Error.WriteLine("Row 7 is left out: rabbitmq-server is not installed (apt-get install rabbitmq-server).");

            return [];
        }

        await using var memory = await QStashFlow.Start(durable: false);
        await using var durable = await QStashFlow.Start(durable: true);
        await using var rabbitMq = await RabbitMqFlow.Start();
        IOrderFlow[] flows = [memory, durable, rabbitMq];
        var goals = new Dictionary<IOrderFlow, Goal> { [memory] = Goal.AtLeast(1.1), [durable] = Goal.AtLeast(0.8) };

        var count = effort.Of(10_000);
        var rates = await Rounds.Compare(effort.Rounds, count, [.. flows.Select(flow => (Func<Task>)(() => PublishMany(flow, count)))]);
        var latencies = await Rounds.Run(effort.Rounds, [.. flows.Select(flow => (Func<Task<double[]>>)(() => PublishOneByOne(flow, effort.Of(1_000))))]);

        List<Comparison> comparisons = [];
        foreach (var (i, flow) in flows[..2].Index())
        {
            comparisons.Add(Comparison.Of(Number, $"publish to consume, {flow.Name}", rabbitMq.Name, "/s", rates[i], rates[^1], cost => cost.PerSecond, goals[flow]));

            foreach (var (name, fraction) in new[] { ("p50", 0.5), ("p99", 0.99) })
                comparisons.Add(Comparison.Of(Number, $"{name} latency, {flow.Name}", rabbitMq.Name, "ms", latencies[i], latencies[^1], round => round.Percentile(fraction), Goal.AtMost(1.0)));
        }

        return comparisons;
    }

    static async Task PublishMany(IOrderFlow flow, int count)
    {
        var consumed = flow.Consumed.Expect(count);
        var text = OrderPlaced.TextOf(200);
        var left = count;

        await Task.WhenAll(Enumerable.Range(0, Publishers).Select(_ => Task.Run(async () =>
        {
            int id;
            while ((id = Interlocked.Decrement(ref left)) >= 0)
                await flow.Publisher.Publish(new OrderPlaced(id, Stopwatch.GetTimestamp(), text));
        })));
        await consumed;
    }

    static async Task<double[]> PublishOneByOne(IOrderFlow flow, int count)
    {
        List<double> latencies = [];
        for (var i = 0; i < count; i++)
        {
            var consumed = flow.Consumed.Expect(1);
            await flow.Publisher.Publish(new OrderPlaced(i, Stopwatch.GetTimestamp(), OrderPlaced.TextOf(200)));
            await consumed;
            latencies.AddRange(flow.Consumed.Latencies);
        }

        return [.. latencies];
    }
}

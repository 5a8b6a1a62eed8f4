using System.Diagnostics;
using MassTransit.QStash.Benchmarks.Measuring;
using MassTransit.QStash.Benchmarks.Messages;
using MassTransit.QStash.Benchmarks.Services;

namespace MassTransit.QStash.Benchmarks.Rows;

/// <summary>
/// Row 5: from publish to consume, between two services.
/// </summary>
sealed class PublishToConsume : IRow
{
    const int Publishers = 64;

    public int Number => 5;

    public async Task<IReadOnlyList<Comparison>> Run(double scale)
    {
        if (!RabbitMqServer.IsInstalled)
        {
            Console.Error.WriteLine("Row 5 is left out: rabbitmq-server is not installed (apt-get install rabbitmq-server).");

            return [];
        }

        await using var memory = await QStashFlow.Start(durable: false);
        await using var durable = await QStashFlow.Start(durable: true);
        await using var rabbitMq = await RabbitMqFlow.Start();

        var count = (int)(20_000 * scale);
        var costs = await Rounds.Compare(5, count, () => PublishMany(durable, count), () => PublishMany(memory, count), () => PublishMany(rabbitMq, count));

        List<Comparison> comparisons =
        [
            new(Number, $"publish to consume, {durable.Name}", rabbitMq.Name, costs[0].PerSecond, costs[2].PerSecond, "/s", "≥ 1.0", costs[0].PerSecond >= costs[2].PerSecond),
            new(Number, $"publish to consume, {memory.Name}", rabbitMq.Name, costs[1].PerSecond, costs[2].PerSecond, "/s"),
        ];

        var latencies = new Dictionary<IOrderFlow, IReadOnlyCollection<double>>();
        foreach (var flow in (IOrderFlow[])[durable, memory, rabbitMq])
            latencies[flow] = await PublishOneByOne(flow, (int)(2_000 * scale));

        foreach (var flow in (IOrderFlow[])[durable, memory])
        {
            foreach (var (name, fraction) in (ReadOnlySpan<(string, double)>)[("p50", 0.5), ("p99", 0.99)])
                comparisons.Add(new Comparison(Number, $"{name} latency, {flow.Name}", rabbitMq.Name, latencies[flow].Percentile(fraction), latencies[rabbitMq].Percentile(fraction), "ms"));
        }

        return comparisons;
    }

    internal static async Task PublishMany(IOrderFlow flow, int count)
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

    static async Task<IReadOnlyCollection<double>> PublishOneByOne(IOrderFlow flow, int count)
    {
        List<double> latencies = [];
        for (var i = 0; i < count; i++)
        {
            var consumed = flow.Consumed.Expect(1);
            await flow.Publisher.Publish(new OrderPlaced(i, Stopwatch.GetTimestamp(), OrderPlaced.TextOf(200)));
            await consumed;
            latencies.AddRange(flow.Consumed.Latencies);
        }

        return latencies;
    }
}

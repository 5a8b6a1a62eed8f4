using MassTransit.QStash.Benchmarks.Measuring;
using MassTransit.QStash.Benchmarks.Messages;
using MassTransit.QStash.Benchmarks.Services;

namespace MassTransit.QStash.Benchmarks.Rows;

/// <summary>
/// Row 8: a publish as a whole, to a server that answers at once: what the publishing process spends on it.
/// </summary>
sealed class Publish : IRow
{
    public int Number => 8;

    public async Task<IReadOnlyList<Comparison>> Run(Effort effort)
    {
        if (!RabbitMqServer.IsInstalled)
        {
            Console.Error.WriteLine("Row 8 is left out: rabbitmq-server is not installed (apt-get install rabbitmq-server).");

            return [];
        }

        await using var api = await SilentProcess.Start(TimeSpan.Zero, protocols: null);
        await using var app = await QStashApp.Start(api.Url, FreePort.Find(), _ => { });
        await using var server = await RabbitMqServer.Start();
        var rabbitMq = RabbitMqFlow.Create(server, _ => { });
        await rabbitMq.StartAsync();

        List<Comparison> comparisons = [];
        foreach (var (publishers, each, work) in new[] { (1, effort.Of(5_000), "one at a time"), (64, effort.Of(200), "64 at a time") })
        {
            var isGoal = publishers == 1;
            var costs = await Rounds.Compare(effort.Rounds, publishers * each, () => Send(app.Bus), () => Send(rabbitMq));

            comparisons.Add(Comparison.Of(Number, $"processor time of a publish, {work}", "MassTransit.RabbitMQ", "µs", costs[0], costs[1], cost => cost.ProcessorMicroseconds, isGoal ? Goal.AtMost(1.0) : null));
            comparisons.Add(Comparison.Of(Number, $"allocation of a publish, {work}", "MassTransit.RabbitMQ", "B", costs[0], costs[1], cost => cost.Bytes, isGoal ? Goal.AtMost(12 * 1024, "B") : null));

            Task Send(IBus bus) => Task.WhenAll(Enumerable.Range(0, publishers).Select(_ => Task.Run(async () =>
            {
                for (var i = 0; i < each; i++)
                    await bus.Publish(new OrderPlaced(i, 0, OrderPlaced.TextOf(200)));
            })));
        }

        await rabbitMq.StopAsync();

        return comparisons;
    }
}

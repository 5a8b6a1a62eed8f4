using System.Diagnostics;
using System.Globalization;
using MassTransit.QStash.Benchmarks.Measuring;
using MassTransit.QStash.Benchmarks.Services;

namespace MassTransit.QStash.Benchmarks.Rows;

/// <summary>
/// Row 6: from the start of the process to a bus that has started, and its memory then.
/// </summary>
sealed class ManyEndpoints : IRow
{
    public int Number => 6;

    public async Task<IReadOnlyList<Comparison>> Run(Effort effort)
    {
        await using var rabbitMq = RabbitMqServer.IsInstalled ? await RabbitMqServer.Start() : null;
        await using var api = await SilentProcess.Start(TimeSpan.Zero, protocols: null);
        var broker = rabbitMq is null ? null : $"rabbitmq://127.0.0.1:{rabbitMq.Port}/";
        List<Comparison> comparisons = [];

        if (broker is null)
            Console.Error.WriteLine("Row 6 is without MassTransit.RabbitMQ: rabbitmq-server is not installed (apt-get install rabbitmq-server).");

        foreach (var count in (int[])[1, 100, 1000])
        {
            var isMost = count == 1000;
            var services = new Dictionary<string, string> { [ServiceOfManyEndpoints.QStash] = api.Url.AbsoluteUri, [ServiceOfManyEndpoints.InMemory] = api.Url.AbsoluteUri };
            if (broker is not null)
                services[ServiceOfManyEndpoints.RabbitMq] = broker;
            if (isMost)
                services[ServiceOfManyEndpoints.Deployed] = api.Url.AbsoluteUri;

            var results = await Rounds.Run(effort.Rounds, [.. services.Select(service => (Func<Task<Cost>>)(() => Start(service.Key, count, service.Value)))]);
            var costs = services.Keys.Zip(results).ToDictionary();
            var work = string.Create(CultureInfo.InvariantCulture, $"{count:#,0} {(count == 1 ? "endpoint" : "endpoints")}");

            foreach (var (peer, key) in new[] { ("UsingInMemory", ServiceOfManyEndpoints.InMemory), ("MassTransit.RabbitMQ", ServiceOfManyEndpoints.RabbitMq) })
            {
                if (!costs.TryGetValue(key, out var theirs))
                    continue;

                var memory = isMost ? Goal.AtMost(1.0) : count == 1 && key == ServiceOfManyEndpoints.InMemory ? Goal.AtMost(1.03) : null;
                comparisons.Add(Comparison.Of(Number, $"start with {work}", peer, "ms", costs[ServiceOfManyEndpoints.QStash], theirs, cost => cost.Milliseconds, isMost ? Goal.AtMost(1.0) : null));
                comparisons.Add(Comparison.Of(Number, $"RSS with {work}", peer, "MiB", costs[ServiceOfManyEndpoints.QStash], theirs, cost => cost.Mebibytes, memory));

                if (isMost)
                    comparisons.Add(Comparison.Of(Number, $"start with {work}, until all joined their URL group", peer, "ms", costs[ServiceOfManyEndpoints.Deployed], theirs, cost => cost.Milliseconds));
            }
        }

        return comparisons;
    }

    static async Task<Cost> Start(string transport, int count, string address)
    {
        var started = Stopwatch.GetTimestamp();
        await using var process = ChildProcess.Start(typeof(ManyEndpoints).Assembly.Location,
            ServiceOfManyEndpoints.Argument, transport, count.ToString(CultureInfo.InvariantCulture), address);
        await process.WaitForLine(ServiceOfManyEndpoints.Started);

        return process.CostAfter(Stopwatch.GetElapsedTime(started));
    }
}

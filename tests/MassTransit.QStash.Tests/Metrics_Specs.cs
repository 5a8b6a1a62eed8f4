using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MassTransit.QStash.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.QStash.Tests;

public class Metrics
{
    [Fact]
    public async Task Count_deliveries_by_endpoint_and_outcome()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e => e.Name = "orders")));
        using var counted = new Counted(orders);

        await orders.Send("queue:orders", new OrderSubmitted("42"));
        await orders.Send("queue:orders", new ChargeCard("42"));
        await orders.Send("queue:nobody", new ChargeCard("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal([" UnknownEndpoint", "orders Consumed", "orders Skipped"], counted.Deliveries.Order(StringComparer.Ordinal));
    }

    sealed class Counted : IDisposable
    {
        readonly MeterListener _listener = new();

        public Counted(Service service)
        {
            // Tests run side by side, and each service has its own meters.
            var scope = service.Services.GetRequiredService<IMeterFactory>();

            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "MassTransit.QStash" && instrument.Meter.Scope == scope)
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
            {
                var values = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value);
                Deliveries.Enqueue($"{values.GetValueOrDefault("messaging.destination.name")} {values["outcome"]}");
            });
            _listener.Start();
        }

        public ConcurrentQueue<string> Deliveries { get; } = [];

        public void Dispose() => _listener.Dispose();
    }
}

using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MassTransit.Monitoring;
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
        await orders.Send("http://orders.test/qstash/nobody", new ChargeCard("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal([" UnknownEndpoint", "orders Consumed", "orders Skipped"], counted.Deliveries.Order(StringComparer.Ordinal));
        Assert.Contains(("masstransit.qstash.deliveries", "{delivery}", "Deliveries from QStash, by how they ended"), counted.Instruments);
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
                if (instrument.Meter.Name != "MassTransit.QStash" || instrument.Meter.Scope != scope)
                    return;

                Instruments.Enqueue((instrument.Name, instrument.Unit, instrument.Description));
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

        public ConcurrentQueue<(string Name, string? Unit, string? Description)> Instruments { get; } = [];

        public void Dispose() => _listener.Dispose();
    }
}

/// <summary>MassTransit's own, which it counts for the whole process, so other tests count too.</summary>
public class The_metrics_of_MassTransit
{
    public record MeteredOrder(string OrderId);

    sealed class Buyer : IConsumer<MeteredOrder>
    {
        public Task Consume(ConsumeContext<MeteredOrder> context) =>
            context.Message.OrderId == "bad" ? throw new InvalidOperationException("Out of stock.") : Task.CompletedTask;
    }

    [Fact]
    public async Task Tell_endpoint_message_type_consumer_and_exception_and_nothing_secret()
    {
        using var measured = new Measured("Metered");
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Buyer>().Endpoint(e => e.Name = "Metered")));

        await orders.Send("queue:Metered", new MeteredOrder("42"));
        await orders.Publish(new MeteredOrder("bad"));
        await cloud.WaitUntilIdleAsync();

        Assert.Contains("destination=Metered message_type=MeteredOrder", measured.Of("send"));
        // Dots are not what every backend takes, so MassTransit replaces them.
        Assert.Contains("destination=MassTransit_QStash_Tests_The_metrics_of_MassTransit_MeteredOrder message_type=MeteredOrder", measured.Of("send"));
        Assert.Equal(["destination=Metered", "destination=Metered"], measured.Of("receive"));
        Assert.Equal(2, measured.Of("receive.duration").Length);
        Assert.Equal(["destination=Metered message_type=MeteredOrder consumer_type=Buyer", "destination=Metered message_type=MeteredOrder consumer_type=Buyer"], measured.Of("consume"));
        Assert.Equal("destination=Metered message_type=MeteredOrder consumer_type=Buyer exception_type=InvalidOperationException", Assert.Single(measured.Of("consume.errors")));
        Assert.Equal(2, measured.Of("delivery.duration").Length);
        Assert.Equal(["consumer_type", "destination", "exception_type", "message_type", "service"], measured.TagNames);
    }

    sealed class Measured : IDisposable
    {
        readonly MeterListener _listener = new();
        readonly ConcurrentQueue<(string Instrument, KeyValuePair<string, object?>[] Tags)> _measurements = [];
        readonly string _word;

        /// <param name="word">What is in the tags of the test's own.</param>
        public Measured(string word)
        {
            _word = word;
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == InstrumentationOptions.MeterName)
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument, tags));
            _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, tags));
            _listener.Start();
        }

        public string[] TagNames => _measurements.SelectMany(x => x.Tags).Select(tag => Name(tag.Key)).Distinct().Order(StringComparer.Ordinal).ToArray();

        /// <summary>The tags of each measurement, without the name of the process.</summary>
        public string[] Of(string instrument) => _measurements
            .Where(x => x.Instrument == $"messaging.masstransit.{instrument}")
            .Select(x => string.Join(' ', x.Tags.Select(tag => $"{Name(tag.Key)}={tag.Value}").Where(tag => !tag.StartsWith("service=", StringComparison.Ordinal))))
            .Order(StringComparer.Ordinal)
            .ToArray();

        void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var copy = tags.ToArray();

            if (copy.Any(tag => tag.Value is string text && text.Contains(_word, StringComparison.Ordinal)))
                _measurements.Enqueue((instrument.Name, copy));
        }

        static string Name(string tag) => tag["messaging.masstransit.".Length..];

        public void Dispose() => _listener.Dispose();
    }
}

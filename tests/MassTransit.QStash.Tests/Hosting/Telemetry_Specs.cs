using System.Diagnostics;
using MassTransit.QStash.Tests.Support;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace MassTransit.QStash.Tests;

/// <summary>Of two services and the emulator, all in this process, as OpenTelemetry exports it.</summary>
public sealed class The_trace_of_a_message : IDisposable
{
    readonly List<Activity> _exported = [];
    readonly TracerProvider _tracing;
    readonly Activity _checkout;

    public The_trace_of_a_message()
    {
        _tracing = Sdk.CreateTracerProviderBuilder()
            // Nothing of the tests that run side by side.
            .SetSampler(new ParentBasedSampler(new AlwaysOffSampler()))
            .AddQStashInstrumentation().AddAspNetCoreInstrumentation().AddInMemoryExporter(_exported).Build();
        _checkout = new Activity("checkout").SetIdFormat(ActivityIdFormat.W3C).Start();
        _checkout.ActivityTraceFlags = ActivityTraceFlags.Recorded;
    }

    public record OrderPlaced(string OrderId);

    public record OrderBilled(string OrderId);

#pragma warning disable CS0618 // The overload with a context needs a container, which says nothing here.
    static readonly Dictionary<string, Action<IQStashBusFactoryConfigurator>> Settings = new()
    {
        ["nothing special"] = _ => { },
        ["a raw serializer"] = cfg => cfg.UseRawJsonSerializer(),
        ["the directory"] = cfg => cfg.Host(h => h.UseDirectory()),
        ["an outbox"] = cfg => cfg.UseInMemoryOutbox(),
    };
#pragma warning restore CS0618

    public static TheoryData<string> AllSettings() => new(Settings.Keys);

    [Theory]
    [MemberData(nameof(AllSettings))]
    public async Task Leads_from_the_sender_over_QStash_to_the_consumer_and_on_to_the_next_service(string setting)
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartOrdersAsync(cloud, Settings[setting]);
        var billing = await StartBillingAsync(cloud, configure: Settings[setting]);

        await orders.Publish(new OrderPlaced("42"));
        var spans = await EndAsync(cloud, orders, billing);

        Assert.Equal(["OrderBilled", "OrderPlaced"], spans.Of(ActivityKind.Producer).Select(MessageType).Order(StringComparer.Ordinal));
        var placed = Assert.Single(spans.Of(ActivityKind.Producer), span => MessageType(span) == "OrderPlaced");
        Assert.Equal(_checkout.SpanId, placed.ParentSpanId);
        var consumed = spans.AssertWay(placed, "billing");

        var billed = Assert.Single(spans.Of(ActivityKind.Producer), span => MessageType(span) == "OrderBilled");
        Assert.Equal(consumed.SpanId, billed.ParentSpanId);
        spans.AssertWay(billed, "orders");
    }

    [Fact]
    public async Task Is_that_of_each_message_where_several_travel_together()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartOrdersAsync(cloud);
        var billing = await StartBillingAsync(cloud);

        await Task.WhenAll(Enumerable.Range(0, 10).Select(n => orders.Send("queue:billing", new OrderPlaced($"{n}"))));
        var spans = await EndAsync(cloud, orders, billing);

        var sent = spans.Of(ActivityKind.Producer).Where(span => MessageType(span) == "OrderPlaced").ToList();
        Assert.Equal(10, sent.Count);
        Assert.All(sent, span => Assert.Single(spans.Named("QStash message"), kept => kept.ParentSpanId == span.SpanId));
        Assert.All(sent, span => Assert.Single(spans.Named("billing receive"), received => received.ParentSpanId == span.SpanId));
    }

    [Fact]
    public async Task Shows_how_long_QStash_kept_it_and_what_became_of_each_attempt()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartOrdersAsync(cloud);
        var attempts = 0;
        var billing = await StartBillingAsync(cloud, () => Assert.True(++attempts > 1, "The database is away."));
        var endpoint = await orders.Bus.GetSendEndpoint(new Uri("queue:billing"));

        await endpoint.Send(new OrderPlaced("42"), x => x.Delay = TimeSpan.FromMinutes(1), Cancellation);
        await cloud.AdvanceAsync(TimeSpan.FromMinutes(10));
        var spans = await EndAsync(cloud, orders, billing);

        var kept = Assert.Single(spans.Named("QStash message"), span => span.GetTagItem("messaging.destination.name") is null);
        Assert.Equal(
            ("qstash", 60_000L, 60_000L, 2, "delivered"),
            (kept.GetTagItem("messaging.system"), kept.GetTagItem("qstash.delay_ms"), kept.GetTagItem("qstash.waited_ms"),
                kept.GetTagItem("qstash.attempts"), kept.GetTagItem("qstash.state")));
        var tries = spans.Named("QStash attempt")
            .Where(span => span.ParentSpanId == kept.SpanId).OrderBy(span => span.GetTagItem("qstash.retried")).ToArray();
        Assert.Equal([500, 200], tries.Select(span => span.GetTagItem("http.response.status_code")));
        Assert.Equal([ActivityStatusCode.Error, ActivityStatusCode.Unset], tries.Select(span => span.Status));
        Assert.Equal("the destination answered with status 500", tries[0].StatusDescription);
    }

    public void Dispose()
    {
        _tracing.Dispose();
        _checkout.Dispose();
    }

    static Task<Service> StartOrdersAsync(Cloud cloud, Action<IQStashBusFactoryConfigurator>? configure = null) =>
        cloud.StartServiceAsync("orders", s => s.AddBus(
            null,
            (_, cfg) =>
            {
                configure?.Invoke(cfg);
                cfg.ReceiveEndpoint("orders", e => e.Handler<OrderBilled>(_ => Task.CompletedTask));
            }));

    static Task<Service> StartBillingAsync(
        Cloud cloud, Action? consume = null, Action<IQStashBusFactoryConfigurator>? configure = null) =>
        cloud.StartServiceAsync("billing", s => s.AddBus(
            null,
            (_, cfg) =>
            {
                configure?.Invoke(cfg);
                cfg.ReceiveEndpoint("billing", e =>
                {
                    e.UseTransportRetry();
                    e.Handler<OrderPlaced>(x =>
                    {
                        consume?.Invoke();
                        return x.Publish(new OrderBilled(x.Message.OrderId));
                    });
                });
            }));

    /// <summary>Ends the services, so that no span is open any more.</summary>
    async Task<Spans> EndAsync(Cloud cloud, params Service[] services)
    {
        await cloud.WaitUntilIdleAsync();
        foreach (var service in services)
            await service.StopAsync();

        _tracing.Dispose();
        return new Spans([.. _exported.Where(span => span.TraceId == _checkout.TraceId)]);
    }

    static string MessageType(Activity span) => ((string)span.GetTagItem("messaging.masstransit.message_types")!).Split(':', '+')[^1];

    sealed class Spans(Activity[] all)
    {
        public IEnumerable<Activity> Of(ActivityKind kind) => all.Where(span => span.Kind == kind && span.Source.Name == "MassTransit");

        public IEnumerable<Activity> Named(string name) => all.Where(span => span.DisplayName == name);

        /// <summary>What the sender's span leads to; returns the span of the consumer.</summary>
        public Activity AssertWay(Activity sent, string endpoint)
        {
            var kept = Assert.Single(Named("QStash message"), span => span.ParentSpanId == sent.SpanId);
            Assert.Single(Named("QStash attempt"), span => span.ParentSpanId == kept.SpanId);
            Assert.Single(all, span => span.Source.Name == "Microsoft.AspNetCore" && span.ParentSpanId == sent.SpanId);
            var received = Assert.Single(Named($"{endpoint} receive"));
            Assert.Equal(sent.SpanId, received.ParentSpanId);
            return Assert.Single(all, span => span.ParentSpanId == received.SpanId && span.Kind == ActivityKind.Consumer);
        }
    }
}

public class The_metrics_of_QStash
{
    [Fact]
    public async Task Are_exported_with_those_of_MassTransit()
    {
        var exported = new List<Metric>();
        using var metrics = Sdk.CreateMeterProviderBuilder().AddQStashInstrumentation().AddInMemoryExporter(exported).Build();
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(
            x => x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e => e.Name = "orders")));

        await orders.Send("queue:orders", new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();
        metrics.ForceFlush();

        var names = exported.Select(metric => metric.Name).ToHashSet();
        Assert.Contains("masstransit.qstash.deliveries", names);
        Assert.Contains("messaging.masstransit.consume", names);
    }
}

using System.Text;
using MassTransit.Contracts.JobService;
using MassTransit.Courier.Contracts;
using MassTransit.QStash.Tests.Support;
using MassTransit.Scheduling;

namespace MassTransit.QStash.Tests;

/// <summary>
/// A name means something to its sender only, and each of the services here has an endpoint "replies".
/// </summary>
public sealed class The_name_of_an_endpoint_in_a_message : IAsyncLifetime
{
    readonly List<string> _bodies = [];
    Cloud _cloud = null!;
    Service _billing = null!;
    Service _orders = null!;

    public async ValueTask InitializeAsync()
    {
        _cloud = await Cloud.StartAsync();
        _billing = await _cloud.StartServiceAsync("billing", s => s.AddBus(
            x => x.AddConsumer<Recorder<CardCharged>>().ExcludeFromConfigureEndpoints(),
            (context, cfg) =>
            {
                cfg.ReceiveEndpoint("charge", e =>
                {
                    e.Handler<ChargeCard>(x => x.Message.OrderId == "bad" ? throw new InvalidOperationException() : x.RespondAsync(new CardCharged(x.Message.OrderId)));
                    e.Handler<OrderSubmitted>(x => x.Forward(new Uri("queue:forwarded")));
                });
                cfg.ReceiveEndpoint("forwarded", e =>
                {
                    e.ConfigureConsumeTopology = false;
                    e.Handler<OrderSubmitted>(x => x.RespondAsync(new CardCharged(x.Message.OrderId)));
                });
                cfg.ReceiveEndpoint("replies", e => e.ConfigureConsumer<Recorder<CardCharged>>(context));
            }));
        _orders = await _cloud.StartServiceAsync("orders", s => s.AddBus(
            x =>
            {
                x.AddConsumer<Recorder<CardCharged>>().ExcludeFromConfigureEndpoints();
                x.AddConsumer<Recorder<Fault<ChargeCard>>>().ExcludeFromConfigureEndpoints();
            },
            (context, cfg) =>
            {
                cfg.ReceiveEndpoint("Replies", e => e.ConfigureConsumer<Recorder<CardCharged>>(context));
                cfg.ReceiveEndpoint("faults", e => e.ConfigureConsumer<Recorder<Fault<ChargeCard>>>(context));
            }));
        _orders.Bus.ConnectSendObserver(new BodyRecorder(_bodies));
    }

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();

    [Theory]
    [InlineData("queue:replies")]
    [InlineData("exchange:Replies/")]
    public async Task Is_answered_to_whom_it_means(string address)
    {
        await Send("queue:charge", new ChargeCard("42"), x => x.ResponseAddress = new Uri(address));

        Assert.Equal([new CardCharged("42")], _orders.Observed.Messages<CardCharged>());
        Assert.Empty(_billing.Observed.Messages<CardCharged>());
    }

    [Fact]
    public async Task Is_told_of_faults_there()
    {
        await Send("queue:charge", new ChargeCard("bad"), x => x.FaultAddress = new Uri("queue:faults"));

        Assert.Single(_orders.Observed.Messages<Fault<ChargeCard>>());
    }

    [Fact]
    public async Task Survives_a_forward_and_a_delay()
    {
        await Send("queue:charge", new OrderSubmitted("42"), x =>
        {
            x.ResponseAddress = new Uri("queue:replies");
            x.Delay = TimeSpan.FromHours(1);
        });
        await _cloud.AdvanceAsync(TimeSpan.FromHours(2));

        Assert.Equal([new CardCharged("42")], _orders.Observed.Messages<CardCharged>());
        Assert.Empty(_billing.Observed.Messages<CardCharged>());
    }

    [Fact]
    public async Task Is_found_in_the_headers_too()
    {
        await Send("queue:charge", new ChargeCard("42"), x =>
        {
            x.SourceAddress = new Uri("queue:replies");
            x.Headers.Set("Reply-To", new Uri("queue:replies"));
            x.Headers.Set(MessageHeaders.ForwarderAddress, "queue:replies");
            x.Headers.Set("Text", "queue:replies");
        });

        var body = Assert.Single(_bodies);
        Assert.Equal(3, body.Split("http://orders.test/qstash/Replies").Length - 1);
        Assert.Contains("\"Text\": \"queue:replies\"", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Fails_the_send_where_it_leads_nowhere(bool isHeader)
    {
        var exception = await Assert.ThrowsAsync<EndpointNotFoundException>(() => Send("queue:charge", new ChargeCard("42"), x =>
        {
            if (isHeader)
                x.Headers.Set("Reply-To", new Uri("queue:nobody"));
            else
                x.ResponseAddress = new Uri("queue:nobody");
        }));

        Assert.StartsWith(isHeader ? "Header Reply-To: " : "ResponseAddress: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains("h.Route(\"nobody\"", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_found_in_a_routing_slip()
    {
        var builder = new RoutingSlipBuilder(NewId.NextGuid());
        builder.AddActivity("charge", new Uri("queue:charge"));
        builder.AddActivity("reply", new Uri("queue:Replies"));
        builder.AddSubscription(new Uri("queue:replies"), RoutingSlipEvents.All);
        await builder.AddSubscription(new Uri("queue:faults"), RoutingSlipEvents.Faulted, x => x.Send(new CardCharged("42"), Pipe.Execute<SendContext>(y => y.ResponseAddress = new Uri("queue:replies"))));
        builder.AddCompensateLog(NewId.NextGuid(), new Uri("queue:forwarded"), new Dictionary<string, object>());
        var slip = builder.Build();

        await _orders.Bus.Execute(slip);

        var body = Assert.Single(_bodies);
        Assert.DoesNotContain("queue:", body, StringComparison.Ordinal);
        Assert.Contains("http://billing.test/qstash/forwarded", body, StringComparison.Ordinal);
        Assert.Equal("queue", slip.Itinerary[1].Address.Scheme);
    }

    [Fact]
    public async Task Is_found_in_what_is_told_of_a_routing_slip()
    {
        var itinerary = new[] { new Courier.Messages.RoutingSlipActivity("reply", new Uri("queue:replies"), new Dictionary<string, object>()) };

        await Send<RoutingSlipRevised>("queue:charge", new Courier.Messages.RoutingSlipRevisedMessage(Metadata.HostMetadataCache.Host, NewId.NextGuid(), "a", NewId.NextGuid(), DateTime.UtcNow, TimeSpan.Zero, new Dictionary<string, object>(), itinerary, itinerary));
        await Send<RoutingSlipTerminated>("queue:charge", new Courier.Messages.RoutingSlipTerminatedMessage(Metadata.HostMetadataCache.Host, NewId.NextGuid(), "a", NewId.NextGuid(), DateTime.UtcNow, TimeSpan.Zero, new Dictionary<string, object>(), itinerary));

        Assert.Equal(2, _bodies.Count);
        Assert.All(_bodies, body => Assert.DoesNotContain("queue:", body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Is_found_in_an_order_to_a_scheduler()
    {
        var slip = new RoutingSlipBuilder(NewId.NextGuid());
        slip.AddActivity("reply", new Uri("queue:replies"));

        await Send<ScheduleMessage>("queue:charge", new ScheduleMessageCommand<RoutingSlip>(DateTime.UtcNow, new Uri("queue:replies"), slip.Build(), NewId.NextGuid()));
        await Send<ScheduleRecurringMessage>("queue:charge", new ScheduleRecurringMessageCommand<ChargeCard>(new Hourly(), new Uri("queue:replies"), new ChargeCard("42")));

        Assert.Equal(2, _bodies.Count);
        Assert.All(_bodies, body => Assert.DoesNotContain("queue:", body, StringComparison.Ordinal));
        Assert.All(_bodies, body => Assert.Contains("http://orders.test/qstash/Replies", body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Is_found_in_what_the_job_service_says()
    {
        var endpoint = await _orders.Bus.GetSendEndpoint(new Uri("queue:charge"));

        await endpoint.Send<StartJobAttempt>(new { JobId = NewId.NextGuid(), ServiceAddress = new Uri("queue:replies"), InstanceAddress = new Uri("queue:faults") }, Cancellation);
        await endpoint.Send<JobAttemptStarted>(new { JobId = NewId.NextGuid(), InstanceAddress = new Uri("queue:replies") }, Cancellation);
        await endpoint.Send<JobSlotAllocated>(new { JobId = NewId.NextGuid(), InstanceAddress = new Uri("queue:replies") }, Cancellation);
        await endpoint.Send<SetConcurrentJobLimit>(new { InstanceAddress = new Uri("queue:replies") }, Cancellation);

        Assert.Equal(4, _bodies.Count);
        Assert.All(_bodies, body => Assert.DoesNotContain("queue:", body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stays_in_what_the_application_says()
    {
        await Send("queue:charge", new Reminder(new Uri("queue:replies")));

        Assert.Contains("queue:replies", Assert.Single(_bodies), StringComparison.Ordinal);
    }

    public record Reminder(Uri Address);

    async Task Send<T>(string address, T message, Action<SendContext<T>>? configure = null)
        where T : class
    {
        var endpoint = await _orders.Bus.GetSendEndpoint(new Uri(address));

        await endpoint.Send(message, Pipe.Execute<SendContext<T>>(context => configure?.Invoke(context)), Cancellation);
        await _cloud.WaitUntilIdleAsync();
    }

    sealed class Hourly : DefaultRecurringSchedule
    {
        public Hourly() => CronExpression = "0 0 * * * ?";
    }

    sealed class BodyRecorder(List<string> bodies) : ISendObserver
    {
        public Task PreSend<T>(SendContext<T> context)
            where T : class => Task.CompletedTask;

        public Task PostSend<T>(SendContext<T> context)
            where T : class
        {
            bodies.Add(Encoding.UTF8.GetString(((MassTransit.Context.MessageSendContext<T>)context).Body.GetBytes()));

            return Task.CompletedTask;
        }

        public Task SendFault<T>(SendContext<T> context, Exception exception)
            where T : class => Task.CompletedTask;
    }
}

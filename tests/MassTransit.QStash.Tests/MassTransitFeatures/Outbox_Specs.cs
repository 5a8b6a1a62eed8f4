using System.Net.Mime;
using MassTransit.Context;
using MassTransit.QStash.Tests.Support;
using MassTransit.Serialization;
using Microsoft.Extensions.DependencyInjection;
using QStash.Client;
using QStash.Emulator;
using QStash.Emulator.Faults;

namespace MassTransit.QStash.Tests;

/// <summary>
/// MassTransit's transactional outbox stores the body and the transport's properties of a message, and sends them later without
/// its type. These tests do the same, without a database.
/// </summary>
public class A_message_from_a_transactional_outbox
{
    /// <summary>What the outbox keeps of a message, and how it sends the message later.</summary>
    sealed class Captured : IPublishObserver, ISendObserver
    {
        readonly Dictionary<string, object> _properties = [];
        byte[] _body = [];
        SendContext _context = null!;

        public Task PrePublish<T>(PublishContext<T> context)
            where T : class => PreSend(context);

        public Task PreSend<T>(SendContext<T> context)
            where T : class
        {
            _context = context;
            _body = context.Serializer!.GetMessageBody(context).GetBytes();
            ((TransportSendContext)context).WritePropertiesTo(_properties);

            return Task.CompletedTask;
        }

        public Task PostPublish<T>(PublishContext<T> context)
            where T : class => Task.CompletedTask;

        public Task PostSend<T>(SendContext<T> context)
            where T : class => Task.CompletedTask;

        public Task PublishFault<T>(PublishContext<T> context, Exception exception)
            where T : class => Task.CompletedTask;

        public Task SendFault<T>(SendContext<T> context, Exception exception)
            where T : class => Task.CompletedTask;

        public async Task Replay(Service service)
        {
            var endpoint = await service.Bus.GetSendEndpoint(_context.DestinationAddress!);
            // What the database keeps of them is text.
            Dictionary<string, object> properties = _properties.ToDictionary(x => x.Key, x => (object)x.Value.ToString()!);

            await endpoint.Send<SerializedMessageBody>(new SerializedMessageBody(), context =>
            {
                context.MessageId = _context.MessageId;
                context.SupportedMessageTypes = _context.SupportedMessageTypes;
                context.Serializer = new CopyBodySerializer(new ContentType("application/vnd.masstransit+json"), new BytesMessageBody(_body));
                ((TransportSendContext)context).ReadPropertiesFrom(properties);
            }, Cancellation);
        }
    }

    [Fact]
    public async Task Reaches_the_consumers_of_its_base_types_and_only_once_however_often_it_is_sent()
    {
        await using var cloud = await Cloud.StartAsync();
        var animals = await cloud.StartServiceAsync("animals", s => s.AddBus(x => x.AddConsumer<Recorder<Animal>>()));
        var shop = await cloud.StartServiceAsync("shop", s => s.AddBus());
        var captured = new Captured();
        shop.Bus.ConnectPublishObserver(captured);

        await shop.Publish(new Dog("Rex"));
        for (var replay = 0; replay < 2; replay++)
            await captured.Replay(shop);
        await cloud.WaitUntilIdleAsync();
        Assert.Single(animals.Observed.Messages<Animal>());

        // Past the time in which QStash recognises a repeat, the copy shows that the groups were restored.
        await cloud.AdvanceAsync(TimeSpan.FromMinutes(11));
        await captured.Replay(shop);
        await cloud.WaitUntilIdleAsync();
        Assert.Equal(["Rex", "Rex"], animals.Observed.Messages<Animal>().Select(x => x.Name));
    }

    [Fact]
    public async Task Is_due_when_it_was_scheduled_for_however_late_it_is_sent_and_can_be_cancelled()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddQStashMessageScheduler(),
            (_, cfg) => cfg.Host(h => h.Route("charge-card", new Uri("http://orders.test/qstash/charge-card")))));
        var due = cloud.Clock.GetUtcNow().AddHours(1);
        var captured = new Captured();
        ScheduledMessage scheduled;
        await using var scope = orders.Services.CreateAsyncScope();
        var scheduler = scope.ServiceProvider.GetRequiredService<IMessageScheduler>();
        using (orders.Bus.ConnectSendObserver(captured))
            scheduled = await scheduler.ScheduleSend(new Uri("queue:charge-card"), due.UtcDateTime, new ChargeCard("42"), Cancellation);
        await cloud.Client.Messages.CancelAsync(new QStashMessageFilter { Hosts = ["orders.test"] }, Cancellation);
        await cloud.AdvanceAsync(TimeSpan.FromMinutes(11));

        await captured.Replay(orders);
        Assert.Equal(due, Assert.Single(cloud.Emulator.GetSnapshot().User("defaultUser").Messages).NotBefore);

        await scheduler.CancelScheduledSend(scheduled.Destination, scheduled.TokenId, Cancellation);
        Assert.Empty(cloud.Emulator.GetSnapshot().User("defaultUser").Messages);
    }

    [Fact]
    public async Task Recurs_as_it_was_scheduled_to()
    {
        await using var cloud = await Cloud.StartAsync(new VirtualClock(new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x =>
        {
            x.AddQStashMessageScheduler();
            x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "charge-card");
        }));
        var captured = new Captured();
        var start = cloud.Clock.GetUtcNow().AddDays(2);
        using (orders.Bus.ConnectSendObserver(captured))
            await orders.Recur(x => x.ScheduleRecurringSend(new Uri("queue:charge-card"), new Recurring("daily", "0 9 * * *", start: start, end: start.AddDays(3)), new ChargeCard("42"), Cancellation));
        await cloud.Client.Schedules.DeleteAsync("reports_.daily", Cancellation);

        await captured.Replay(orders);
        Assert.Equal("CRON_TZ=Europe/Berlin 0 9 * * *", Assert.Single(await cloud.Client.Schedules.ListAsync(Cancellation)).Cron);

        await cloud.AdvanceAsync(TimeSpan.FromDays(10));
        Assert.Equal(3, orders.Observed.Messages<ChargeCard>().Count);
    }
}

/// <summary>
/// MassTransit's own inbox and outbox, with memory in place of a database: messages go through the same code, which stores body,
/// headers and properties, and replays them.
/// </summary>
public class A_consumer_with_an_inbox_and_an_outbox
{
    sealed class Breeder(Observed observed) : IConsumer<OrderSubmitted>
    {
        public async Task Consume(ConsumeContext<OrderSubmitted> context)
        {
            observed.Add(context);

            await context.Publish(new Dog("Rex"), x => x.UseQStash(d => d.Retries = 7), context.CancellationToken);
            await context.Send(new Uri("http://hooks.test/hook"), new CardCharged("42"), x =>
            {
                x.UseQStash(d => d.PlainJson = true);
                x.Headers.Set("X-Api-Key", "k1");
            });

            if (context.Message.OrderId == "bad")
                throw new InvalidOperationException("Out of stock.");
        }
    }

    [Fact]
    public async Task Consumes_a_message_that_arrives_twice_once()
    {
        await using var cloud = await Cloud.StartAsync();
        var zoo = await StartAsync(cloud);
        cloud.Emulator.Faults.Add(new FaultRule(FaultAction.DropAnswer) { Destination = "http://zoo.test/qstash/Breeder", Count = 1 });

        await zoo.Publish(new OrderSubmitted("42"));
        await cloud.AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.Single(zoo.Observed.Messages<OrderSubmitted>());
        Assert.Equal(["Rex"], zoo.Observed.Messages<Animal>().Select(x => x.Name));
    }

    [Fact]
    public async Task Sends_nothing_when_it_fails()
    {
        await using var cloud = await Cloud.StartAsync();
        var zoo = await StartAsync(cloud);

        await zoo.Publish(new OrderSubmitted("bad"));
        await cloud.WaitUntilIdleAsync();

        Assert.Empty(zoo.Observed.Messages<Animal>());
    }

    [Fact]
    public async Task Sends_with_all_that_was_said_about_the_delivery()
    {
        await using var cloud = await Cloud.StartAsync();
        var zoo = await StartAsync(cloud);
        cloud.Emulator.Faults.Add(new FaultRule(FaultAction.Refuse) { Destination = "http://zoo.test/qstash/animals", Count = 1 });
        cloud.Emulator.Faults.Add(new FaultRule(FaultAction.Refuse) { Destination = "http://hooks.test/*", Count = 1 });

        await zoo.Publish(new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        var messages = cloud.Emulator.GetSnapshot().User("defaultUser").Messages;
        var dog = Assert.Single(messages, x => x.Url == "http://zoo.test/qstash/animals");
        Assert.Equal(7, dog.MaxRetries);
        var webhook = Assert.Single(messages, x => x.Url == "http://hooks.test/hook");
        // Another test may listen to the traces of this process meanwhile, and then there is one to go on.
        Assert.Equal(["Content-Type", "X-Api-Key"], webhook.Headers.Keys.Where(name => name != "Traceparent").Order(StringComparer.Ordinal));
    }

    sealed class Forwarder : IConsumer<ChargeCard>
    {
        public async Task Consume(ConsumeContext<ChargeCard> context)
        {
            foreach (var orderId in (string[])["A", "B", "B"])
                await context.Forward(new Uri("queue:charges"), new CardCharged(orderId));
        }
    }

    // The rows are stored, and sent again when their sender died: by then nobody knows the consumer, and what the messages say.
    [Fact]
    public async Task Sends_on_each_of_several_copies_once()
    {
        await using var cloud = await Cloud.StartAsync();
        var calls = 0;
        var orders = await cloud.StartServiceAsync("orders", s =>
        {
            // Of the four publishes, one each time.
            s.InterceptApi(() => new Failing(() => ++calls is 2 or 4));
            s.AddBus(x =>
            {
                x.AddInMemoryInboxOutbox();
                x.AddConsumer<Forwarder>().Endpoint(e => e.Name = "forwarder");
                x.AddConsumer<Recorder<CardCharged>>().Endpoint(e => e.Name = "charges");
                x.AddConfigureEndpointsCallback((context, name, e) =>
                {
                    e.RethrowFaultedMessages();
                    if (name == "forwarder")
                        e.UseInMemoryInboxOutbox(context);
                });
            });
        });

        await orders.Send("queue:forwarder", new ChargeCard("42"));
        await cloud.AdvanceAsync(TimeSpan.FromMinutes(5));

        Assert.True(calls >= 5);
        Assert.Equal(["A", "B", "B"], orders.Observed.Messages<CardCharged>().Select(x => x.OrderId).Order());
    }

    // After QStash took the message.
    sealed class Failing(Func<bool> fails) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);

            if (!request.RequestUri!.AbsolutePath.Contains("charges", StringComparison.Ordinal) || !fails())
                return response;

            response.Dispose();

            return new HttpResponseMessage(System.Net.HttpStatusCode.Forbidden) { Content = new StringContent("""{"error":"not now"}""") };
        }
    }

    static Task<Service> StartAsync(Cloud cloud) => cloud.StartServiceAsync("zoo", s => s.AddBus(
        x =>
        {
            x.AddInMemoryInboxOutbox();
            x.AddConsumer<Breeder>();
            x.AddConsumer<Recorder<Animal>>().Endpoint(e => e.Name = "animals");
            x.AddConfigureEndpointsCallback((context, name, e) =>
            {
                if (name == "Breeder")
                    e.UseInMemoryInboxOutbox(context);
            });
        },
        (_, cfg) => cfg.UseRawJsonDeserializer()));
}

using System.Net.Mime;
using MassTransit.Context;
using MassTransit.QStash.Tests.Support;
using MassTransit.Serialization;
using QStash.Emulator.Faults;

namespace MassTransit.QStash.Tests;

/// <summary>
/// MassTransit's transactional outbox stores the body and the transport's properties of a message, and sends them later without
/// its type. These tests do the same, without a database.
/// </summary>
public class A_message_from_a_transactional_outbox
{
    sealed class Capture : IPublishObserver
    {
        public Dictionary<string, object> Properties { get; } = [];
        public byte[] Body { get; private set; } = [];
        public PublishContext Context { get; private set; } = null!;

        public Task PrePublish<T>(PublishContext<T> context)
            where T : class
        {
            Context = context;
            Body = context.Serializer!.GetMessageBody(context).GetBytes();
            ((TransportSendContext)context).WritePropertiesTo(Properties);

            return Task.CompletedTask;
        }

        public Task PostPublish<T>(PublishContext<T> context)
            where T : class => Task.CompletedTask;

        public Task PublishFault<T>(PublishContext<T> context, Exception exception)
            where T : class => Task.CompletedTask;
    }

    [Fact]
    public async Task Reaches_the_consumers_of_its_base_types_and_only_once_however_often_it_is_sent()
    {
        await using var cloud = await Cloud.StartAsync();
        var animals = await cloud.StartServiceAsync("animals", s => s.AddBus(x => x.AddConsumer<Recorder<Animal>>()));
        var shop = await cloud.StartServiceAsync("shop", s => s.AddBus());
        var capture = new Capture();
        shop.Bus.ConnectPublishObserver(capture);

        await shop.Publish(new Dog("Rex"));
        var endpoint = await shop.Bus.GetSendEndpoint(capture.Context.DestinationAddress!);
        for (var replay = 0; replay < 2; replay++)
            await Send();
        await cloud.WaitUntilIdleAsync();
        Assert.Single(animals.Observed.Messages<Animal>());

        // Past the time in which QStash recognises a repeat, the copy shows that the groups were restored.
        await cloud.AdvanceAsync(TimeSpan.FromMinutes(11));
        await Send();
        await cloud.WaitUntilIdleAsync();
        Assert.Equal(["Rex", "Rex"], animals.Observed.Messages<Animal>().Select(x => x.Name));

        Task Send() => endpoint.Send<SerializedMessageBody>(new SerializedMessageBody(), Restore, TestContext.Current.CancellationToken);

        void Restore(SendContext<SerializedMessageBody> context)
        {
            context.MessageId = capture.Context.MessageId;
            context.SupportedMessageTypes = capture.Context.SupportedMessageTypes;
            context.Serializer = new CopyBodySerializer(new ContentType("application/vnd.masstransit+json"), new BytesMessageBody(capture.Body));
            ((TransportSendContext)context).ReadPropertiesFrom(capture.Properties);
        }
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

            await context.Publish(new Dog("Rex"), x => x.SetRetries(7), context.CancellationToken);
            await context.Send(new Uri("http://hooks.test/hook"), new CardCharged("42"), x =>
            {
                x.SendAsPlainJson();
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
        Assert.Equal(["Content-Type", "X-Api-Key"], webhook.Headers.Keys.Order(StringComparer.Ordinal));
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

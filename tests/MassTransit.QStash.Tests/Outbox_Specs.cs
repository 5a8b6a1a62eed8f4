using System.Net.Mime;
using MassTransit.Context;
using MassTransit.QStash.Tests.Support;
using MassTransit.Serialization;

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

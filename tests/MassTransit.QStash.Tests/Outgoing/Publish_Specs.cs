using System.Net;
using System.Net.Mime;
using MassTransit.QStash.Tests.Support;
using QStash.Client;

namespace MassTransit.QStash.Tests;

public class Publishing
{
    [Fact]
    public async Task Reaches_every_service_that_consumes_the_type()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus());
        var billing = await cloud.StartServiceAsync("billing", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>()));
        var shipping = await cloud.StartServiceAsync("shipping", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>()));

        await orders.Publish(new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal([new OrderSubmitted("42")], billing.Observed.Messages<OrderSubmitted>());
        Assert.Equal([new OrderSubmitted("42")], shipping.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task Is_no_error_when_nobody_subscribes()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus());

        await orders.Publish(new OrderSubmitted("42"));
        await orders.Publish(new Dog("Rex"));

        Assert.Empty(orders.Log.Warnings);
    }

    [Fact]
    public async Task Is_an_error_when_nobody_subscribes_to_a_mandatory_message()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus());

        var exception = await Assert.ThrowsAsync<PublishException>(() =>
            orders.Bus.Publish(new OrderSubmitted("42"), x => x.Mandatory = true, Cancellation));

        Assert.Contains("OrderSubmitted", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tells_the_consumer_which_url_group_the_message_came_through()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>()));

        await orders.Publish(new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        var context = Assert.Single(orders.Observed.Contexts<OrderSubmitted>());
        Assert.True(context.ReceiveContext.TryGetPayload(out QStashMessageContext? delivery));
        Assert.Equal("MassTransit.QStash.Tests.Support.OrderSubmitted", delivery.UrlGroup);
        Assert.StartsWith("msg_", delivery.MessageId, StringComparison.Ordinal);
        Assert.Equal(0, delivery.Retried);
        Assert.False(context.ReceiveContext.Redelivered);
    }

    [Fact]
    public async Task Uses_the_entity_name_as_the_name_of_the_url_group()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>(),
            (_, cfg) => cfg.Message<OrderSubmitted>(m => m.SetEntityName("order-submitted"))));

        await orders.Publish(new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Single(orders.Observed.Messages<OrderSubmitted>());
        var group = Assert.Single(await cloud.Client.UrlGroups.ListAsync(Cancellation));
        Assert.Equal("order-submitted", group.Name);
        Assert.Equal("http://orders.test/qstash/OrderSubmitted", Assert.Single(group.Endpoints).Url);
    }
}

public class Publishing_a_derived_type
{
    [Fact]
    public async Task Reaches_consumers_of_the_base_class_and_of_the_interface()
    {
        await using var cloud = await Cloud.StartAsync();
        var animals = await cloud.StartServiceAsync("animals", s => s.AddBus(x => x.AddConsumer<Recorder<Animal>>()));
        var names = await cloud.StartServiceAsync("names", s => s.AddBus(x => x.AddConsumer<Recorder<IAnimal>>()));

        await animals.Publish(new Dog("Rex"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(["Rex"], animals.Observed.Messages<Animal>().Select(x => x.Name));
        Assert.Equal(["Rex"], names.Observed.Messages<IAnimal>().Select(x => x.Name));
    }

    [Fact]
    public async Task Delivers_one_copy_to_an_endpoint_that_consumes_the_base_type_too()
    {
        await using var cloud = await Cloud.StartAsync();
        var zoo = await cloud.StartServiceAsync("zoo", s => s.AddBus(
            x => { x.AddConsumer<Recorder<Dog>>(); x.AddConsumer<Recorder<Animal>>(); },
            (context, cfg) => cfg.ReceiveEndpoint("zoo", e =>
            {
                e.ConfigureConsumer<Recorder<Dog>>(context);
                e.ConfigureConsumer<Recorder<Animal>>(context);
            })));

        await zoo.Publish(new Dog("Rex"));
        await cloud.WaitUntilIdleAsync();

        Assert.Single(zoo.Observed.Messages<Dog>());
        Assert.Equal(2, zoo.Observed.Messages<Animal>().Count); // the dog, once for each of the two consumers
        Assert.Single(zoo.Observed.Contexts<Animal>().Select(x => x.ReceiveContext).Distinct());
    }

    [Fact]
    public async Task Reaches_them_also_when_it_is_scheduled()
    {
        await using var cloud = await Cloud.StartAsync();
        var animals = await cloud.StartServiceAsync("animals", s => s.AddBus(
            x => { x.AddDelayedMessageScheduler(); x.AddConsumer<Recorder<Animal>>(); },
            (_, cfg) => cfg.UseDelayedMessageScheduler()));

        await animals.Bus.CreateDelayedMessageScheduler().SchedulePublish(TimeSpan.FromHours(1), new Dog("Rex"), Cancellation);
        await cloud.AdvanceAsync(TimeSpan.FromMinutes(59));
        Assert.Empty(animals.Observed.Messages<Animal>());

        await cloud.AdvanceAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(["Rex"], animals.Observed.Messages<Animal>().Select(x => x.Name));
    }

    [Fact]
    public async Task Reaches_them_also_with_a_body_that_is_not_text()
    {
        await using var cloud = await Cloud.StartAsync();
        var animals = await cloud.StartServiceAsync("animals", s => s.AddBus(x => x.AddConsumer<Recorder<Animal>>()));

        await animals.Bus.Publish(new Dog("Rex"), x => x.Serializer = new BinarySerializer(), Cancellation);
        await cloud.WaitUntilIdleAsync();

        // It arrived, byte for byte; nobody there can read it.
        var deadLetter = Assert.Single((await cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items);
        Assert.Equal(BinarySerializer.Body, deadLetter.Body.ToArray());
    }

    sealed class BinarySerializer : IMessageSerializer
    {
        public static readonly byte[] Body = [0xFF, 0xFE, 0x00];

        public ContentType ContentType { get; } = new("application/octet-stream");

        public MessageBody GetMessageBody<T>(SendContext<T> context)
            where T : class => new BytesMessageBody(Body);
    }

    /// <summary>Answers as QStash does when it cannot take one of the messages of a batch, nor that message alone.</summary>
    sealed class RefusingOne : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => request.RequestUri!.AbsolutePath switch
        {
            "/v2/batch" => Answer(HttpStatusCode.OK, """[[{"messageId":"msg_1"}],{"error":"quota maxMessageSize exceeded"},{"error":"topic MassTransit.QStash.Tests.Support.IAnimal not found"}]"""),
            "/v2/publish/MassTransit.QStash.Tests.Support.Animal" => Answer(HttpStatusCode.BadRequest, """{"error":"quota maxMessageSize exceeded"}"""),
            _ => base.SendAsync(request, cancellationToken),
        };

        static Task<HttpResponseMessage> Answer(HttpStatusCode status, string json) =>
            Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(json) });
    }

    [Fact]
    public async Task Fails_when_QStash_refuses_one_of_the_groups()
    {
        await using var cloud = await Cloud.StartAsync();
        var animals = await cloud.StartServiceAsync("animals", s =>
        {
            s.AddBus();
            s.InterceptApi(() => new RefusingOne());
        });

        var exception = await Assert.ThrowsAsync<QStashQuotaException>(() => animals.Publish(new Dog("Rex")));

        Assert.Equal("quota maxMessageSize exceeded", exception.Error);
    }

    [Fact]
    public async Task Skips_base_types_that_are_excluded_from_the_topology()
    {
        await using var cloud = await Cloud.StartAsync();
        var animals = await cloud.StartServiceAsync("animals", s => s.AddBus(x => x.AddConsumer<Recorder<Animal>>()));
        var sender = await cloud.StartServiceAsync("sender", s => s.AddBus(null, (_, cfg) => cfg.Publish<Animal>(p => p.Exclude = true)));

        await sender.Publish(new Dog("Rex"));
        await cloud.WaitUntilIdleAsync();

        Assert.Empty(animals.Observed.Messages<Animal>());
    }
}

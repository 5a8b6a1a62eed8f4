using MassTransit.QStash.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using QStash.Client;

namespace MassTransit.QStash.Tests;

/// <summary>
/// <c>UseBusOutbox</c>: what is sent from outside of a consumer is stored with the transaction, and sent after it by a service that
/// does not know the types.
/// </summary>
public class A_bus_outbox
{
    sealed class Shop(Cloud cloud, Service service, IServiceScope scope) : IAsyncDisposable
    {
        public Cloud Cloud => cloud;
        public Service Service => service;
        public BusOutbox Outbox => service.Services.GetRequiredService<BusOutbox>();
        public IPublishEndpoint PublishEndpoint => scope.ServiceProvider.GetRequiredService<IPublishEndpoint>();
        public IMessageScheduler Scheduler => scope.ServiceProvider.GetRequiredService<IMessageScheduler>();

        public Task<ISendEndpoint> GetSendEndpoint(string address) => scope.ServiceProvider.GetRequiredService<ISendEndpointProvider>().GetSendEndpoint(new Uri(address));

        public async ValueTask DisposeAsync()
        {
            scope.Dispose();
            await cloud.DisposeAsync();
        }
    }

    static async Task<Shop> StartAsync(Action<IQStashBusFactoryConfigurator>? configure = null)
    {
        var cloud = await Cloud.StartAsync();
        var service = await cloud.StartServiceAsync("shop", s =>
        {
            s.AddBus(x =>
            {
                x.AddQStashMessageScheduler();
                x.AddConsumer<Recorder<Animal>>().Endpoint(e => e.Name = "animals");
                x.AddConsumer<Recorder<IAnimal>>().Endpoint(e => e.Name = "everything");
                x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "charge-card");
            }, (_, cfg) => configure?.Invoke(cfg));
            BusOutbox.Use(s.Services);
        });

        return new Shop(cloud, service, service.Services.CreateScope());
    }

    static CancellationToken Cancelled => Cancellation;

    [Fact]
    public async Task Sends_nothing_before_it_is_told_to()
    {
        await using var shop = await StartAsync();

        await shop.PublishEndpoint.Publish(new Dog("Rex"), Cancelled);
        await shop.Cloud.WaitUntilIdleAsync();

        Assert.Single(shop.Outbox.Messages);
        Assert.Empty(shop.Service.Observed.Messages<Animal>());
    }

    [Fact]
    public async Task Publishes_to_each_topic_of_the_hierarchy_and_once_however_often_it_sends()
    {
        await using var shop = await StartAsync();

        await shop.PublishEndpoint.Publish(new Dog("Rex"), x => x.Headers.Set("Colour", "braun, weiß"), Cancelled);
        await shop.Outbox.SendAsync();
        await shop.Outbox.SendAsync();
        await shop.Cloud.WaitUntilIdleAsync();

        Assert.Equal("Rex", Assert.Single(shop.Service.Observed.Messages<Animal>()).Name);
        var context = Assert.Single(shop.Service.Observed.Contexts<IAnimal>(), x => x.ReceiveContext.InputAddress.AbsolutePath == "/qstash/everything");
        Assert.Equal("braun, weiß", context.Headers.Get<string>("Colour"));
        Assert.Equal(Assert.Single(shop.Outbox.Messages).MessageId, context.MessageId);
    }

    [Fact]
    public async Task Delivers_as_bus_type_and_publish_said()
    {
        await using var shop = await StartAsync(cfg =>
        {
            cfg.Host(h =>
            {
                h.Delivery(d => d.Labels.Add("shop"));
                h.Route("failed", new Uri("http://reports.test/qstash/failed"));
            });
            cfg.Send<Animal>(x => x.UseDelivery(d => d.Timeout = TimeSpan.FromSeconds(20)));
            cfg.Publish<Dog>(x =>
            {
                x.UseDelivery(d => (d.Retries, d.RetryDelay) = (7, QStashRetryDelay.Expression("1000")));
                x.UseFlowControl(context => $"dog-{context.Message.Name}", parallelism: 2);
            });
        });

        await shop.PublishEndpoint.Publish(new Dog("Rex"), x =>
        {
            x.Delay = TimeSpan.FromHours(1);
            x.UseQStash(d =>
            {
                d.Labels.Add("urgent");
                d.FailureCallback = new("queue:failed");
            });
        }, Cancelled);
        await shop.Outbox.SendAsync();

        // One for each of the two groups that have members.
        var sent = await Waiting(shop);
        Assert.Equal(2, sent.Length);
        Assert.All(sent, message =>
        {
            Assert.Equal(7, message.MaxRetries);
            Assert.Equal("1000", message.RetryDelayExpression);
            Assert.Equal(["shop", "urgent"], message.Labels.Order());
            Assert.Equal("dog-Rex", message.FlowControlKey);
            Assert.Equal("http://reports.test/qstash/failed", message.FailureCallback);
            Assert.Equal("20", Assert.Single(message.Headers["Masstransit-Timeout"]));
        });
    }

    [Fact]
    public async Task Keeps_where_a_name_led_when_the_message_was_stored()
    {
        await using var shop = await StartAsync();
        var billing = await shop.Cloud.StartServiceAsync("billing", s => s.AddBus(null, (_, cfg) =>
            cfg.ReceiveEndpoint("refund", e => e.Handler<OrderSubmitted>(x => x.RespondAsync(new ChargeCard(x.Message.OrderId))))));
        var endpoint = await shop.GetSendEndpoint("queue:refund");
        var unknown = await shop.GetSendEndpoint("queue:nobody");

        await endpoint.Send(new OrderSubmitted("42"), x => x.ResponseAddress = new Uri("queue:charge-card"), Cancelled);
        await Assert.ThrowsAsync<EndpointNotFoundException>(() => unknown.Send(new OrderSubmitted("42"), Cancelled));

        var stored = Assert.Single(shop.Outbox.Messages);
        Assert.Equal(new Uri("http://billing.test/qstash/refund"), stored.DestinationAddress);
        Assert.DoesNotContain("queue:", stored.Body, StringComparison.Ordinal);

        await shop.Outbox.SendAsync();
        await shop.Cloud.WaitUntilIdleAsync();
        Assert.Equal([new ChargeCard("42")], shop.Service.Observed.Messages<ChargeCard>());
    }

    [Fact]
    public async Task Counts_a_delay_from_when_it_sends()
    {
        await using var shop = await StartAsync();
        var endpoint = await shop.GetSendEndpoint("queue:charge-card");

        await endpoint.Send(new ChargeCard("42"), x => x.Delay = TimeSpan.FromHours(1), Cancelled);
        await shop.Cloud.AdvanceAsync(TimeSpan.FromMinutes(10));
        await shop.Outbox.SendAsync();

        Assert.Equal(shop.Cloud.Clock.GetUtcNow().AddHours(1), Assert.Single(await Waiting(shop)).NotBefore);
        await shop.Cloud.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal([new ChargeCard("42")], shop.Service.Observed.Messages<ChargeCard>());
    }

    [Fact]
    public async Task Schedules_for_the_time_that_was_said_however_late_it_sends_and_the_message_can_be_cancelled()
    {
        await using var shop = await StartAsync();
        var due = shop.Cloud.Clock.GetUtcNow().AddHours(1);

        var kept = await shop.Scheduler.SchedulePublish(due.UtcDateTime, new Dog("Rex"), Cancelled);
        var cancelled = await shop.Scheduler.ScheduleSend(new Uri("queue:charge-card"), due.UtcDateTime, new ChargeCard("42"), Cancelled);
        await shop.Cloud.AdvanceAsync(TimeSpan.FromMinutes(10));
        await shop.Outbox.SendAsync();

        Assert.All(await Waiting(shop), message => Assert.Equal(due, message.NotBefore));
        await shop.Scheduler.CancelScheduledSend(cancelled.Destination, cancelled.TokenId, Cancelled);
        await shop.Cloud.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal(["Rex"], shop.Service.Observed.Messages<Animal>().Select(x => x.Name));
        Assert.Equal(kept.TokenId, shop.Service.Observed.Contexts<Animal>()[0].GetSchedulingTokenId());
        Assert.Empty(shop.Service.Observed.Messages<ChargeCard>());
    }

    [Fact]
    public async Task Sends_plain_json_with_the_headers_of_the_sender_and_no_others()
    {
        await using var shop = await StartAsync(cfg => cfg.UseRawJsonDeserializer());
        var endpoint = await shop.GetSendEndpoint("http://hooks.test/hook");

        await endpoint.Send(new ChargeCard("42"), x =>
        {
            x.UseQStash(d =>
            {
                d.PlainJson = true;
                d.Method = HttpMethod.Put;
            });
            x.Headers.Set("X-Api-Key", "k1");
            x.Delay = TimeSpan.FromHours(1);
        }, Cancelled);
        await shop.Outbox.SendAsync();

        var webhook = Assert.Single(await Waiting(shop));
        Assert.Equal("PUT", webhook.Method);
        // A trace is there when somebody in this process listens, as other tests do.
        Assert.Equal(["Content-Type", "X-Api-Key"], webhook.Headers.Keys.Except(["Traceparent"]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Takes_no_plain_json_that_it_could_not_send_later()
    {
        await using var shop = await StartAsync();
        var endpoint = await shop.GetSendEndpoint("http://hooks.test/hook");

        var exception = await Assert.ThrowsAsync<ConfigurationException>(() => endpoint.Send(new ChargeCard("42"), x => x.UseQStash(d => d.PlainJson = true), Cancelled));

        Assert.Contains("UseRawJsonDeserializer", exception.Message, StringComparison.Ordinal);
        Assert.Empty(shop.Outbox.Messages);
    }

    [Fact]
    public async Task Keeps_the_order_of_a_key()
    {
        await using var shop = await StartAsync(cfg => cfg.Send<ChargeCard>(x => x.UseOrderedDelivery(m => m.OrderId, fifoQueues: 1, prefix: "charges")));
        var endpoint = await shop.GetSendEndpoint("queue:charge-card");

        await endpoint.Send(new ChargeCard("42"), Cancelled);
        await shop.Outbox.SendAsync();
        await shop.Cloud.WaitUntilIdleAsync();

        Assert.Equal(["charges-0"], (await shop.Cloud.Client.Queues.ListAsync(Cancelled)).Select(x => x.Name));
    }

    static async Task<QStashMessageInfo[]> Waiting(Shop shop)
    {
        var messages = shop.Cloud.Emulator.GetSnapshot().User("defaultUser").Messages;

        return await Task.WhenAll(messages.Select(async message => (await shop.Cloud.Client.Messages.GetAsync(message.Id, Cancelled))!));
    }
}

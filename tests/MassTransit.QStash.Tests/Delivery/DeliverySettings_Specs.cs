using System.Text.Json;
using MassTransit.Context;
using MassTransit.QStash.Tests.Support;
using MassTransit.Serialization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using QStash.Client;

namespace MassTransit.QStash.Tests;

/// <summary>
/// How QStash delivers is set for a bus, for a message type and for a single send (AP5, S6, V12).
/// </summary>
public sealed class Delivery_settings : IAsyncDisposable
{
    Cloud _cloud = null!;

    [Fact]
    public async Task Of_the_bus_apply_to_what_it_sends()
    {
        var orders = await Start((_, cfg) => cfg.Host(h => h.Delivery(d =>
        {
            d.Retries = 5;
            d.RetryDelay = QStashRetryDelay.Expression("1000 * (1 + retried)");
            d.Labels.Add("orders");
            d.FlowControl = new() { Key = "billing", Rate = 10, Period = TimeSpan.FromMinutes(1) };
        })));

        var sent = await Send(orders, new ChargeCard("42"));

        Assert.Equal(5, sent.MaxRetries);
        Assert.Equal("1000 * (1 + retried)", sent.RetryDelayExpression);
        Assert.Equal(["orders"], sent.Labels);
        Assert.Equal("billing", sent.FlowControlKey);
        Assert.Equal(10, sent.Rate);
    }

    [Fact]
    public async Task Come_from_the_configuration_too()
    {
        _cloud = await Cloud.StartAsync();
        var orders = await _cloud.StartServiceAsync("orders", s =>
        {
            s.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["QStash:Delivery:Retries"] = "2",
                ["QStash:Delivery:Timeout"] = "00:00:30",
                ["QStash:Delivery:Labels:0"] = "orders",
            });
            s.AddBus();
        });

        var sent = await Send(orders, new ChargeCard("42"));

        Assert.Equal(2, sent.MaxRetries);
        Assert.Equal(["orders"], sent.Labels);
    }

    [Fact]
    public async Task Of_a_message_type_win_over_those_of_the_bus()
    {
        var orders = await Start((_, cfg) =>
        {
            cfg.Host(h => h.Delivery(d => d.Retries = 5));
            cfg.Send<ChargeCard>(x => x.UseDelivery(d => d.Retries = 1));
        });

        Assert.Equal(1, (await Send(orders, new ChargeCard("42"))).MaxRetries);
        Assert.Equal(5, (await Send(orders, new CardCharged("42"))).MaxRetries);
    }

    [Fact]
    public async Task Of_a_send_win_over_those_of_its_type()
    {
        var orders = await Start((_, cfg) => cfg.Send<ChargeCard>(x => x.UseDelivery(d =>
        {
            d.Retries = 1;
            d.Labels.Add("charges");
        })));

        var sent = await Send(orders, new ChargeCard("42"), x => x.UseQStash(d =>
        {
            d.Retries = 7;
            d.Labels.Add("urgent");
        }));

        Assert.Equal(7, sent.MaxRetries);
        Assert.Equal(["charges", "urgent"], sent.Labels);
    }

    [Fact]
    public async Task Of_a_base_type_apply_to_derived_types_unless_those_have_their_own()
    {
        var orders = await Start((_, cfg) =>
        {
            cfg.Send<IAnimal>(x => x.UseDelivery(d =>
            {
                d.Retries = 5;
                d.Timeout = TimeSpan.FromSeconds(10);
                d.Labels.Add("animals");
            }));
            cfg.Send<Dog>(x => x.UseDelivery(d => d.Retries = 1));
        });

        var sent = await Send(orders, new Dog("Rex"));

        Assert.Equal(1, sent.MaxRetries);
        Assert.Equal(["animals"], sent.Labels);
        Assert.Equal(5, (await Send(orders, new Animal("Tom"))).MaxRetries);
    }

    [Fact]
    public async Task Of_a_message_type_apply_to_a_publish()
    {
        _cloud = await Cloud.StartAsync();
        var orders = await _cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>(),
            (_, cfg) => cfg.Send<OrderSubmitted>(x => x.UseDelivery(d => d.Retries = 1))));

        await orders.Bus.Publish(new OrderSubmitted("42"), x => x.Delay = TimeSpan.FromHours(1), Cancellation);

        Assert.Equal(1, (await LastMessage()).MaxRetries);
    }

    [Fact]
    public async Task Of_a_published_type_win_over_those_of_its_sends_in_whichever_order_they_are_said()
    {
        var orders = await Start((_, cfg) =>
        {
            cfg.Publish<OrderSubmitted>(x => x.UseDelivery(d =>
            {
                (d.Retries, d.RetryDelay) = (7, QStashRetryDelay.Expression("1000"));
                d.Labels.Add("published");
            }));
            cfg.Send<OrderSubmitted>(x => x.UseDelivery(d =>
            {
                d.Retries = 1;
                d.Labels.Add("orders");
            }));
        }, x => x.AddConsumer<Recorder<OrderSubmitted>>());

        var published = await Publish(orders, new OrderSubmitted("42"));
        Assert.Equal(7, published.MaxRetries);
        Assert.Equal("1000", published.RetryDelayExpression);
        Assert.Equal(["orders", "published"], published.Labels.Order());

        var sent = await Send(orders, new OrderSubmitted("42"));
        Assert.Equal(1, sent.MaxRetries);
        Assert.Equal(["orders"], sent.Labels);
    }

    [Fact]
    public async Task Of_a_published_type_lose_against_the_publish_itself_and_are_those_of_its_derived_types_too()
    {
        var zoo = await Start((_, cfg) => cfg.Publish<IAnimal>(x => x.UseDelivery(d => d.Retries = 7)), x => x.AddConsumer<Recorder<IAnimal>>());

        Assert.Equal(7, (await Publish(zoo, new Dog("Rex"))).MaxRetries);
        Assert.Equal(2, (await Publish(zoo, new Dog("Rex"), x => x.UseQStash(d => d.Retries = 2))).MaxRetries);
    }

    [Fact]
    public async Task Of_a_published_type_can_be_all_that_those_of_a_sent_type_are()
    {
        var orders = await Start((_, cfg) =>
        {
            cfg.Host(h =>
            {
                h.Route("delivered", new Uri("http://reports.test/qstash/delivered"));
                h.Route("failed", new Uri("http://reports.test/qstash/failed"));
            });
            cfg.Publish<OrderSubmitted>(x =>
            {
                x.UseDelivery(d => d.Timeout = TimeSpan.FromSeconds(10));
                x.UseFlowControl(context => $"tenant-{context.Message.OrderId}", rate: 10, parallelism: 2);
                x.UseDelivery(d =>
                {
                    d.Callback = new("queue:delivered");
                    d.FailureCallback = new("queue:failed");
                });
                x.UseDeduplicationId(context => context.Message.OrderId);
            });
        }, x => x.AddConsumer<Recorder<OrderSubmitted>>());

        var published = await Publish(orders, new OrderSubmitted("42"));

        Assert.Equal("10", Assert.Single(published.Headers["Masstransit-Timeout"]));
        Assert.Equal(("tenant-42", 10, 2), (published.FlowControlKey, published.Rate, published.Parallelism));
        Assert.Equal("http://reports.test/qstash/delivered", published.Callback);
        Assert.Equal("http://reports.test/qstash/failed", published.FailureCallback);

        // Of the same id, so it is the same message.
        await Publish(orders, new OrderSubmitted("42"));
        Assert.Single(_cloud.Emulator.GetSnapshot().User("defaultUser").Messages);
    }

    [Fact]
    public async Task Of_a_published_type_put_it_into_an_order()
    {
        var orders = await Start((_, cfg) => cfg.Publish<OrderSubmitted>(x => x.UseOrderedDelivery(m => m.OrderId, fifoQueues: 1, prefix: "orders")),
            x => x.AddConsumer<Recorder<OrderSubmitted>>());

        await orders.Publish(new OrderSubmitted("42"));
        await _cloud.WaitUntilIdleAsync();

        Assert.Equal(["orders-0"], (await _cloud.Client.Queues.ListAsync(Cancellation)).Select(x => x.Name));
    }

    // MassTransit sends it to the address of the topic.
    [Fact]
    public async Task Of_a_sent_type_are_those_of_a_publish_that_is_scheduled()
    {
        var orders = await Start((_, cfg) =>
        {
            cfg.Publish<OrderSubmitted>(x => x.UseDelivery(d => d.Retries = 7));
            cfg.Send<OrderSubmitted>(x => x.UseDelivery(d => d.Retries = 1));
        }, x =>
        {
            x.AddConsumer<Recorder<OrderSubmitted>>();
            x.AddQStashMessageScheduler();
        });
        await using var scope = orders.Services.CreateAsyncScope();

        await scope.ServiceProvider.GetRequiredService<IMessageScheduler>()
            .SchedulePublish(_cloud.Clock.GetUtcNow().UtcDateTime.AddHours(1), new OrderSubmitted("42"), Cancellation);

        Assert.Equal(1, (await LastMessage()).MaxRetries);
    }

    [Fact]
    public async Task Of_a_published_type_that_are_wrong_stop_the_bus()
    {
        _cloud = await Cloud.StartAsync();

        var exception = Assert.ThrowsAny<Exception>(() => _cloud.Build("orders",
            s => s.AddBus(null, (_, cfg) => cfg.Publish<OrderSubmitted>(x => x.UseDelivery(d => d.Retries = -1)))));

        Assert.Contains("Retries is -1", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_one_send_do_not_leak_into_the_next()
    {
        var orders = await Start((_, cfg) => cfg.Host(h => h.Delivery(d => d.Labels.Add("orders"))));

        await Send(orders, new ChargeCard("42"), x => x.UseQStash(d => d.Labels.Add("urgent")));

        Assert.Equal(["orders"], (await Send(orders, new ChargeCard("43"))).Labels);
    }

    [Fact]
    public async Task Survive_a_transactional_outbox()
    {
        var orders = await Start((_, cfg) => cfg.Host(h => h.Delivery(d => d.Retries = 5)));
        var properties = new Dictionary<string, object>();
        await Send(orders, new ChargeCard("42"), x =>
        {
            x.UseQStash(d =>
            {
                d.Retries = 7;
                d.RetryDelay = QStashRetryDelay.Expression("1000");
                d.Method = HttpMethod.Put;
                d.ForwardHeaders["X-Tenant"] = "7";
                d.FlowControl = new() { Key = "stripe", Parallelism = 2 };
                d.Labels.Add("urgent");
                d.RedactFields.Add("header[X-Tenant]");
                d.FifoQueue = "charges";
            });
            ((TransportSendContext)x).WritePropertiesTo(properties);
        });
        var json = JsonSerializer.Serialize(properties);

        var endpoint = await orders.Bus.GetSendEndpoint(new Uri("http://webhook.test/in"));
        await endpoint.Send<SerializedMessageBody>(new SerializedMessageBody(), x =>
        {
            x.Serializer = new CopyBodySerializer(new("application/json"), new StringMessageBody("{}"));
            ((TransportSendContext)x).ReadPropertiesFrom(Parse(json));
        }, Cancellation);

        var sent = await LastMessage();
        Assert.Equal(7, sent.MaxRetries);
        Assert.Equal("1000", sent.RetryDelayExpression);
        Assert.Equal("PUT", sent.Method);
        Assert.Equal("stripe", sent.FlowControlKey);
        Assert.Equal(2, sent.Parallelism);
        Assert.Equal(["urgent"], sent.Labels);
        Assert.StartsWith("REDACTED:", sent.Headers["X-Tenant"][0], StringComparison.Ordinal);
        Assert.Equal("charges", sent.Queue);
        Assert.Equal(TimeSpan.FromHours(1), sent.NotBefore - sent.CreatedAt);

        static Dictionary<string, object> Parse(string json) =>
            JsonSerializer.Deserialize<Dictionary<string, string>>(json)!.ToDictionary(x => x.Key, x => (object)x.Value);
    }

    [Fact]
    public async Task That_are_wrong_stop_the_bus_and_name_the_setting()
    {
        _cloud = await Cloud.StartAsync();

        var exception = Assert.Throws<ConfigurationException>(() => _cloud.Build("orders",
            s => s.AddBus(null, (_, cfg) => cfg.Host(h => h.Delivery(d => d.Retries = -1)))));

        Assert.Contains("QStash:Delivery", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Retries is -1", exception.Message, StringComparison.Ordinal);
    }

    static readonly Uri Reports = new("queue:reports");

    // "Bad values fail at configuration with the setting's name": each setting of retries, flow control, callbacks and the like.
    public static TheoryData<string, Action<IQStashBusFactoryConfigurator>> Mistakes() => new()
    {
        { "Retries is -1", Bus(d => d.Retries = -1) },
        { "RetryDelay", Bus(d => d.RetryDelay = QStashRetryDelay.Expression("bientôt")) },
        { "Timeout is 00:00:00", Bus(d => d.Timeout = TimeSpan.Zero) },
        { "Timeout is 2.00:00:00", Bus(d => d.Timeout = TimeSpan.FromDays(2)) },
        { "FlowControl.Key", Bus(d => d.FlowControl = new() { Key = "", Rate = 1 }) },
        { "neither Parallelism nor Rate", Bus(d => d.FlowControl = new() { Key = "k" }) },
        { "FlowControl.Rate is 0", Bus(d => d.FlowControl = new() { Key = "k", Rate = 0 }) },
        { "FlowControl.Parallelism is 0", Bus(d => d.FlowControl = new() { Key = "k", Parallelism = 0 }) },
        { "FlowControl.Period is 00:00:00", Bus(d => d.FlowControl = new() { Key = "k", Rate = 1, Period = TimeSpan.Zero }) },
        { "Labels", Bus(d => d.Labels.Add("a,b")) },
        { "RedactFields", Bus(d => d.RedactFields.Add("title")) },
        { "ForwardHeaders", Bus(d => d.ForwardHeaders["Content-Type"] = "text/plain") },
        { "ForwardHeaders", Bus(d => d.ForwardHeaders["X A"] = "b") },
        { "Callback is 'reports'", Bus(d => d.Callback = new("reports")) },
        { "Callback", Bus(d => d.Callback = new(Reports) { Retries = -1 }) },
        { "FailureCallback has no Url", Bus(d => d.FailureCallback = new() { Url = null! }) },
        { "FailureCallback", Bus(d => d.FailureCallback = new(Reports) { Timeout = TimeSpan.Zero }) },
        { "MaxRateLimitWait", cfg => cfg.Host(h => h.MaxRateLimitWait(TimeSpan.FromDays(2))) },
        { "MaxDelay", cfg => cfg.Host(h => h.MaxDelay(TimeSpan.Zero)) },
        { "MARS_1", cfg => cfg.Host(h => h.RegionSigningKeys("MARS_1", "sig_a", "sig_b")) },
        { "Retries is -1", Type(x => x.UseDelivery(d => d.Retries = -1)) },
        { "must be from zero to one day", Type(x => x.UseDelivery(d => d.RetryDelay = QStashRetryDelay.Fixed(TimeSpan.FromDays(2)))) },
        { "Timeout is -00:00:01", Type(x => x.UseDelivery(d => d.Timeout = TimeSpan.FromSeconds(-1))) },
        { "FlowControl.Key 'a b'", Type(x => x.UseDelivery(d => d.FlowControl = new() { Key = "a b", Rate = 1 })) },
        { "FlowControl.Rate is 0", Type(x => x.UseFlowControl(_ => "k", rate: 0)) },
        { "Callback is 'topic:a'", Type(x => x.UseDelivery(d => d.Callback = new("topic:a"))) },
        { "FailureCallback", Type(x => x.UseDelivery(d => d.FailureCallback = new(Reports) { Retries = -1 })) },
        { "Labels", Type(x => x.UseDelivery(d => d.Labels.Add("a,b"))) },
        { "queues", Type(x => x.UseOrderedDelivery(m => m.OrderId, fifoQueues: 0)) },
        { "prefix", Type(x => x.UseOrderedDelivery(m => m.OrderId, prefix: "a b")) },
        { "deduplication", Type(x => x.UseDeduplication((QStashDeduplication)7)) },
        { "FlowControl.Key 'a b'", cfg => cfg.ReceiveEndpoint("orders", e => e.PinFlowControl("a b", rate: 1)) },
    };

    static Action<IQStashBusFactoryConfigurator> Bus(Action<QStashDeliverySettings> configure) => cfg => cfg.Host(h => h.Delivery(configure));

    static Action<IQStashBusFactoryConfigurator> Type(Action<IMessageSendTopologyConfigurator<ChargeCard>> configure) => cfg => cfg.Send(configure);

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task That_are_wrong_keep_the_bus_from_being_built_and_are_named(string named, Action<IQStashBusFactoryConfigurator> configure)
    {
        _cloud = await Cloud.StartAsync();

        var exception = Assert.ThrowsAny<Exception>(() => _cloud.Build("orders", s => s.AddBus(null, (_, cfg) => configure(cfg))));

        Assert.Contains(named, exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_are_wrong_for_a_message_type_stop_the_bus()
    {
        _cloud = await Cloud.StartAsync();

        var exception = Assert.ThrowsAny<Exception>(() => _cloud.Build("orders",
            s => s.AddBus(null, (_, cfg) => cfg.Send<ChargeCard>(x => x.UseDelivery(d => d.Timeout = TimeSpan.Zero)))));

        Assert.Contains("Timeout is 00:00:00; it must be more than zero", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cannot_be_set_on_a_message_of_another_transport()
    {
        var inMemory = global::MassTransit.Bus.Factory.CreateUsingInMemory(_ => { });

        var exception = await Assert.ThrowsAsync<ArgumentException>(async () =>
        {
            await inMemory.StartAsync(Cancellation);
            await inMemory.Publish(new OrderSubmitted("42"), x => x.UseQStash(d => d.Retries = 1), Cancellation);
        });
        await inMemory.StopAsync(Cancellation);

        Assert.Contains("not sent through QStash", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Are_left_alone_on_a_message_of_another_transport()
    {
        var inMemory = global::MassTransit.Bus.Factory.CreateUsingInMemory(_ => { });
        await inMemory.StartAsync(Cancellation);
        bool? isSet = null;

        await inMemory.Publish(new OrderSubmitted("42"), x => isSet = x.TryUseQStash(_ => Assert.Fail("There are no settings.")), Cancellation);
        await inMemory.StopAsync(Cancellation);

        Assert.False(isSet);
    }

    async Task<Service> Start(Action<IBusRegistrationContext, IQStashBusFactoryConfigurator> configure, Action<IBusRegistrationConfigurator>? register = null)
    {
        _cloud = await Cloud.StartAsync();

        return await _cloud.StartServiceAsync("orders", s => s.AddBus(register, configure));
    }

    async Task<QStashMessageInfo> Publish<T>(Service service, T message, Action<PublishContext<T>>? configure = null)
        where T : class
    {
        await service.Bus.Publish(message, x =>
        {
            x.Delay = TimeSpan.FromHours(1);
            configure?.Invoke(x);
        }, Cancellation);

        return await LastMessage();
    }

    // With a delay, so that the message is still there to be read.
    async Task<QStashMessageInfo> Send<T>(Service service, T message, Action<SendContext<T>>? configure = null)
        where T : class
    {
        var endpoint = await service.Bus.GetSendEndpoint(new Uri("http://webhook.test/in"));

        await endpoint.Send(message, x =>
        {
            x.Delay = TimeSpan.FromHours(1);
            configure?.Invoke(x);
        }, Cancellation);

        return await LastMessage();
    }

    async Task<QStashMessageInfo> LastMessage()
    {
        var logs = await _cloud.Client.Logs.ListAsync(cancellationToken: Cancellation);

        return (await _cloud.Client.Messages.GetAsync(logs.Items[0].MessageId, Cancellation))!;
    }

    public ValueTask DisposeAsync() => _cloud?.DisposeAsync() ?? ValueTask.CompletedTask;
}

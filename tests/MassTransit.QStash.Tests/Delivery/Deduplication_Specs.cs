using System.Net.Mime;
using MassTransit.QStash.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.QStash.Tests;

/// <summary>
/// A send whose answer was lost is repeated and arrives once; what is sent again on purpose is not swallowed (P6, S4).
/// </summary>
public class Sending_again
{
    [Fact]
    public async Task After_a_lost_answer_delivers_one_copy()
    {
        await using var cloud = await Cloud.StartAsync();
        var timers = new TimerWatch(cloud.Clock);
        var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.Services.AddSingleton<TimeProvider>(timers);
            s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>());
            s.InterceptApi(() => new LostAnswer());
        });

        var publishing = orders.Publish(new OrderSubmitted("42"));
        var pause = await timers.WaitForTimerAsync(limit: TimeSpan.FromSeconds(5));
        Assert.False(publishing.IsCompleted);
        cloud.Clock.Advance(pause);

        await publishing;
        await cloud.WaitUntilIdleAsync();

        Assert.Single(orders.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task With_the_same_id_as_an_outbox_does_delivers_one_copy()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>()));
        var messageId = NewId.NextGuid();

        for (var replay = 0; replay < 2; replay++)
            await orders.Bus.Publish(new OrderSubmitted("42"), x => x.MessageId = messageId, Cancellation);
        await cloud.WaitUntilIdleAsync();

        Assert.Single(orders.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task The_same_message_to_another_destination_delivers_it_there_too()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>(), (context, cfg) =>
        {
            cfg.ReceiveEndpoint("first", e => e.Handler<OrderSubmitted>(x => x.Forward(new Uri("queue:second"))));
            cfg.ReceiveEndpoint("second", e => e.Handler<OrderSubmitted>(x => x.Forward(new Uri("queue:third"))));
            cfg.ReceiveEndpoint("third", e =>
            {
                e.ConfigureConsumeTopology = false;
                e.ConfigureConsumer<Recorder<OrderSubmitted>>(context);
            });
        }));

        await orders.Send("queue:first", new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Single(orders.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task Another_message_type_with_the_same_id_delivers_it_too()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(
            x =>
            {
                x.AddConsumer<Recorder<OrderSubmitted>>();
                x.AddConsumer<Recorder<ChargeCard>>();
            },
            (context, cfg) => cfg.ReceiveEndpoint("orders", e => e.ConfigureConsumers(context))));
        var messageId = NewId.NextGuid();
        var endpoint = await orders.Bus.GetSendEndpoint(new Uri("queue:orders"));

        await endpoint.Send(new OrderSubmitted("42"), x => x.MessageId = messageId, Cancellation);
        await endpoint.Send(new ChargeCard("42"), x => x.MessageId = messageId, Cancellation);
        await cloud.WaitUntilIdleAsync();

        Assert.Single(orders.Observed.Messages<OrderSubmitted>());
        Assert.Single(orders.Observed.Messages<ChargeCard>());
    }

    [Fact]
    public async Task By_two_consumers_of_one_delivery_delivers_both_copies()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>(), (context, cfg) =>
        {
            cfg.ReceiveEndpoint("first", e =>
            {
                e.Handler<OrderSubmitted>(x => x.Forward(new Uri("queue:second")));
                e.Handler<OrderSubmitted>(x => x.Forward(new Uri("queue:second")));
            });
            cfg.ReceiveEndpoint("second", e =>
            {
                e.ConfigureConsumeTopology = false;
                e.ConfigureConsumer<Recorder<OrderSubmitted>>(context);
            });
        }));

        await orders.Send("queue:first", new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(2, orders.Observed.Messages<OrderSubmitted>().Count);
    }

    public static TheoryData<string> Ways => ["envelope", "raw JSON", "raw JSON without headers", "in-memory outbox", "in-memory outbox and raw JSON"];

    static void Use(string way, IQStashBusFactoryConfigurator cfg, IQStashReceiveEndpointConfigurator e)
    {
        if (way.Contains("raw JSON without", StringComparison.Ordinal))
            cfg.UseRawJsonSerializer(RawSerializerOptions.AnyMessageType);
        else if (way.Contains("raw JSON", StringComparison.Ordinal))
            cfg.UseRawJsonSerializer();

#pragma warning disable CS0618 // The overload with a context needs a container, which says nothing here.
        if (way.Contains("outbox", StringComparison.Ordinal))
            e.UseInMemoryOutbox();
#pragma warning restore CS0618
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task In_a_circle_arrives_each_time(string way)
    {
        await using var cloud = await Cloud.StartAsync();
        var hops = 0;
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(null, (_, cfg) =>
        {
            foreach (var (name, next) in (ReadOnlySpan<(string, string)>)[("ping", "queue:pong"), ("pong", "queue:ping")])
            {
                cfg.ReceiveEndpoint(name, e =>
                {
                    Use(way, cfg, e);
                    e.ConfigureConsumeTopology = false;
                    e.Handler<OrderSubmitted>(x => ++hops < 7 ? x.Forward(new Uri(next)) : Task.CompletedTask);
                });
            }
        }));

        await orders.Send("queue:ping", new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(7, hops);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task By_deferring_it_five_times_arrives_each_time(string way)
    {
        await using var cloud = await Cloud.StartAsync();
        var attempts = 0;
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint("orders", e =>
        {
            Use(way, cfg, e);
            e.Handler<OrderSubmitted>(x => ++attempts < 6 ? x.DeferDelivery(TimeSpan.FromSeconds(10)) : Task.CompletedTask);
        })));

        await orders.Publish(new OrderSubmitted("42"));
        await cloud.AdvanceAsync(TimeSpan.FromMinutes(5));

        Assert.Equal(6, attempts);
    }

    [Fact]
    public async Task To_the_own_endpoint_over_and_over_arrives_each_time()
    {
        await using var cloud = await Cloud.StartAsync();
        var hops = 0;
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint("loop",
            e => e.Handler<OrderSubmitted>(x => ++hops < 5 ? x.Forward(new Uri("queue:loop")) : Task.CompletedTask))));

        await orders.Send("queue:loop", new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(5, hops);
    }

    [Fact]
    public async Task By_deferring_it_arrives_each_time()
    {
        await using var cloud = await Cloud.StartAsync();
        var attempts = 0;
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint("orders",
            e => e.Handler<OrderSubmitted>(x => ++attempts < 3 ? x.DeferDelivery(TimeSpan.FromMinutes(1)) : Task.CompletedTask))));

        await orders.Publish(new OrderSubmitted("42"));
        await cloud.AdvanceAsync(TimeSpan.FromMinutes(5));

        Assert.Equal(3, attempts);
    }

    [Fact]
    public async Task As_a_delayed_redelivery_arrives_each_time()
    {
        await using var cloud = await Cloud.StartAsync();
        var attempts = 0;
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint("orders", e =>
        {
            e.UseDelayedRedelivery(r => r.Intervals(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)));
            e.Handler<OrderSubmitted>(_ => ++attempts < 3 ? throw new InvalidOperationException("Not yet.") : Task.CompletedTask);
        })));

        await orders.Publish(new OrderSubmitted("42"));
        await cloud.AdvanceAsync(TimeSpan.FromMinutes(5));

        Assert.Equal(3, attempts);
        Assert.Empty((await cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(11, 2)]
    public async Task By_a_consumer_after_its_message_was_replayed_from_the_dead_letter_queue_is_a_copy_for_ten_minutes(int minutes, int arrived)
    {
        await using var cloud = await Cloud.StartAsync();
        var attempts = 0;
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>(), (context, cfg) =>
        {
            cfg.ReceiveEndpoint("first", e =>
            {
                e.ConfigureConsumeTopology = false;
                e.Handler<OrderSubmitted>(async x =>
                {
                    await x.Forward(new Uri("queue:second"));
                    if (++attempts == 1)
                        throw new InvalidOperationException("Failed after forwarding.");
                });
            });
            cfg.ReceiveEndpoint("second", e =>
            {
                e.ConfigureConsumeTopology = false;
                e.ConfigureConsumer<Recorder<OrderSubmitted>>(context);
            });
        }));
        await orders.Send("queue:first", new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        var deadLetter = Assert.Single((await cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items);
        await cloud.AdvanceAsync(TimeSpan.FromMinutes(minutes));
        await cloud.Client.DeadLetterQueue.RetryAsync(deadLetter.DlqId, cancellationToken: Cancellation);
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(2, attempts);
        Assert.Equal(arrived, orders.Observed.Messages<OrderSubmitted>().Count);
    }

    // Attempt 1: A sends and B fails. Attempt 2: B is faster.
    [Fact]
    public async Task By_two_consumers_of_one_message_delivers_what_each_says_however_fast_they_are()
    {
        await using var cloud = await Cloud.StartAsync();
        var (first, second) = (0, 0);
        var bHasSent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<ChargeCard>>(), (context, cfg) =>
        {
            cfg.ReceiveEndpoint("first", e =>
            {
                e.RethrowFaultedMessages();
                e.Handler<OrderSubmitted>(async x =>
                {
                    if (++first == 2)
                        await bHasSent.Task;
                    await x.Forward(new Uri("queue:charges"), new ChargeCard("A"));
                });
                e.Handler<OrderSubmitted>(async x =>
                {
                    if (++second == 1)
                        throw new InvalidOperationException("Not yet.");
                    await x.Forward(new Uri("queue:charges"), new ChargeCard("B"));
                    bHasSent.SetResult();
                });
            });
            cfg.ReceiveEndpoint("charges", e =>
            {
                e.ConfigureConsumeTopology = false;
                e.ConfigureConsumer<Recorder<ChargeCard>>(context);
            });
        }));

        await orders.Send("queue:first", new OrderSubmitted("42"));
        await cloud.AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.Equal((2, 2), (first, second));
        Assert.Equal(["A", "B"], orders.Observed.Messages<ChargeCard>().Select(x => x.OrderId).Order());
    }

    // The id of the consumed message is in its body; QStash's is a header that anybody may change.
    [Fact]
    public async Task By_a_consumer_whose_message_was_captured_and_sent_again_under_another_id_of_QStash_delivers_one_copy()
    {
        await using var cloud = await Cloud.StartAsync();
        var messageId = NewId.NextGuid();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<ChargeCard>>(), (_, cfg) =>
            cfg.ReceiveEndpoint("orders", e => e.Handler<OrderSubmitted>(x => x.Publish(new ChargeCard(x.Message.OrderId), send => send.MessageId = messageId)))));
        var body = $$"""{ "messageId": "{{NewId.NextGuid()}}", "messageType": ["{{MessageUrn.ForTypeString<OrderSubmitted>()}}"], "message": { "orderId": "42" } }""";
        var delivery = Delivery.Of(cloud, "http://orders.test/qstash/orders", body);
        using var http = new HttpClient();

        foreach (var id in (string[])["msg_1", "msg_2"])
        {
            using var request = delivery.To(new Uri(orders.LocalAddress, "/qstash/orders"), delivery.Sign());
            request.Headers.Remove("Upstash-Message-Id");
            request.Headers.Add("Upstash-Message-Id", id);
            request.Content!.Headers.ContentType = new("application/vnd.masstransit+json");
            using var response = await http.SendAsync(request, Cancellation);
            Assert.Equal(200, (int)response.StatusCode);
        }

        await cloud.WaitUntilIdleAsync();
        Assert.Single(orders.Observed.Messages<ChargeCard>());
    }

    // What a consumer sends on, at its second attempt with another value of a header.
    [Theory]
    [InlineData("traceparent", 1)]
    [InlineData("tracestate", 1)]
    [InlineData("baggage", 1)]
    [InlineData("MT-Something", 1)]
    [InlineData("Tenant", 2)]
    public async Task By_a_consumer_that_is_tried_again_is_a_copy_whatever_the_trace_says(string header, int arrived)
    {
        await using var cloud = await Cloud.StartAsync();
        var attempts = 0;
        var orders = await StartForwarding(cloud, async x =>
        {
            await x.Send(new Uri("queue:second"), x.Message, send =>
            {
                send.MessageId = x.MessageId;
                send.Headers.Set(header, $"attempt {attempts}");
            });
            if (++attempts == 1)
                throw new InvalidOperationException("Failed after sending.");
        });

        await orders.Send("queue:first", new OrderSubmitted("42"));
        await cloud.AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(2, attempts);
        Assert.Equal(arrived, orders.Observed.Messages<OrderSubmitted>().Count);
    }

    // The second comes through another URL group, so its envelope is another one.
    [Fact]
    public async Task By_a_consumer_that_got_two_copies_of_its_message_delivers_one_copy()
    {
        await using var cloud = await Cloud.StartAsync();
        var charge = NewId.NextGuid();
        var orders = await StartForwarding(cloud, x => x.Send(new Uri("queue:second"), x.Message, send => send.MessageId = charge));
        var messageId = NewId.NextGuid();

        foreach (var way in (string[])["queue:first", "exchange:first"])
            await Deliver(cloud, orders, messageId, $$""" "destinationAddress": "{{way}}" """);

        Assert.Single(orders.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task By_a_consumer_of_two_messages_under_one_id_delivers_both()
    {
        await using var cloud = await Cloud.StartAsync();
        var charge = NewId.NextGuid();
        var orders = await StartForwarding(cloud, x => x.Send(new Uri("queue:second"), x.Message, send => send.MessageId = charge));

        foreach (var messageId in (Guid[])[NewId.NextGuid(), NewId.NextGuid()])
            await Deliver(cloud, orders, messageId, """ "destinationAddress": "queue:first" """);

        Assert.Equal(2, orders.Observed.Messages<OrderSubmitted>().Count);
    }

    // System.Text.Json cannot write a type, and need not: the message has a serializer of its own.
    [Fact]
    public async Task By_a_consumer_in_a_form_that_only_its_serializer_knows_is_a_copy()
    {
        await using var cloud = await Cloud.StartAsync();
        var attempts = 0;
        var orders = await StartForwarding(cloud, async x =>
        {
            await x.Send(new Uri("queue:second"), new Unwritable(typeof(string)), send =>
            {
                send.MessageId = x.MessageId;
                send.Serializer = new FixedSerializer();
            });
            if (++attempts == 1)
                throw new InvalidOperationException("Failed after sending.");
        });

        await orders.Send("queue:first", new OrderSubmitted("42"));
        await cloud.AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(2, attempts);
        Assert.Single(orders.Observed.Messages<OrderSubmitted>());
    }

    public sealed record Unwritable(Type Type);

    sealed class FixedSerializer : IMessageSerializer
    {
        public ContentType ContentType { get; } = new("application/vnd.masstransit+json");

        public MessageBody GetMessageBody<T>(SendContext<T> context)
            where T : class =>
            new StringMessageBody($$"""
                { "messageId": "{{context.MessageId}}", "messageType": ["{{MessageUrn.ForTypeString<OrderSubmitted>()}}"], "message": { "orderId": "42" } }
                """);
    }

    static Task<Service> StartForwarding(Cloud cloud, MessageHandler<OrderSubmitted> forward) =>
        cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>(), (context, cfg) =>
        {
            cfg.ReceiveEndpoint("first", e =>
            {
                e.ConfigureConsumeTopology = false;
                e.UseTransportRetry();
                e.Handler(forward);
            });
            cfg.ReceiveEndpoint("second", e =>
            {
                e.ConfigureConsumeTopology = false;
                e.ConfigureConsumer<Recorder<OrderSubmitted>>(context);
            });
        }));

    static async Task Deliver(Cloud cloud, Service orders, Guid messageId, string member)
    {
        var delivery = Delivery.Of(cloud, "http://orders.test/qstash/first", $$"""
            { "messageId": "{{messageId}}", "messageType": ["{{MessageUrn.ForTypeString<OrderSubmitted>()}}"], "message": { "orderId": "42" },{{member}}}
            """);
        using var http = new HttpClient();
        using var request = delivery.To(new Uri(orders.LocalAddress, "/qstash/first"), delivery.Sign());
        request.Content!.Headers.ContentType = new("application/vnd.masstransit+json");

        using var response = await http.SendAsync(request, Cancellation);

        Assert.Equal(200, (int)response.StatusCode);
        await cloud.WaitUntilIdleAsync();
    }
}

/// <summary>
/// What counts as a second copy can be chosen for a send and for a message type (P6, S4, V11).
/// </summary>
public sealed class Choosing_what_counts_as_a_copy : IAsyncDisposable
{
    Cloud _cloud = null!;
    Service _orders = null!;

    [Fact]
    public async Task An_id_of_a_send_delivers_the_first_message_that_has_it()
    {
        await Start();

        await Send(new ChargeCard("first"), x => x.UseQStash(q => q.DeduplicationId = "order 42"));
        await Send(new ChargeCard("second"), x => x.UseQStash(q => q.DeduplicationId = "order 42"));
        await Send(new ChargeCard("third"), x => x.UseQStash(q => q.DeduplicationId = "order 43"));

        Assert.Equal(["first", "third"], await Charged());
    }

    [Fact]
    public async Task An_id_of_a_message_type_is_taken_from_each_message()
    {
        await Start(cfg => cfg.Send<ChargeCard>(x => x.UseDeduplicationId(context => context.Message.OrderId)));

        foreach (var orderId in (string[])["42", "43", "42"])
            await Send(new ChargeCard(orderId));

        Assert.Equal(["42", "43"], await Charged());
    }

    [Fact]
    public async Task An_id_lasts_ten_minutes()
    {
        await Start(cfg => cfg.Send<ChargeCard>(x => x.UseDeduplicationId(context => context.Message.OrderId)));

        await Send(new ChargeCard("42"));
        await _cloud.AdvanceAsync(TimeSpan.FromMinutes(9));
        await Send(new ChargeCard("42"));
        await _cloud.AdvanceAsync(TimeSpan.FromMinutes(2));
        await Send(new ChargeCard("42"));

        Assert.Equal(["42", "42"], await Charged());
    }

    [Fact]
    public async Task The_id_of_a_send_wins_over_that_of_its_type()
    {
        await Start(cfg => cfg.Send<ChargeCard>(x => x.UseDeduplicationId(context => context.Message.OrderId)));

        await Send(new ChargeCard("42"));
        await Send(new ChargeCard("42"), x => x.UseQStash(q => q.DeduplicationId = "another"));
        await Send(new ChargeCard("42"), x => x.UseQStash(d => d.Deduplication = QStashDeduplication.MessageId));

        Assert.Equal(3, (await Charged()).Count);
    }

    // docs/qstash-contract.md#deduplication
    [Theory]
    [InlineData("order:42", "order-42")]
    [InlineData("order 42", "order-42")]
    [InlineData("bücher", "b-cher")]
    [InlineData("a\nb", "a:b")]
    [InlineData("", " ")]
    public async Task Characters_QStash_does_not_take_are_replaced_without_making_two_ids_one(string one, string other)
    {
        await Start();

        foreach (var id in (string[])[one, other, one])
            await Send(new ChargeCard(id), x => x.UseQStash(q => q.DeduplicationId = id));

        Assert.Equal(new[] { one, other }.Order(), await Charged());
    }

    [Theory]
    [InlineData("order 42:bücher\x7f!", "order-42-b-cher-!-")]
    [InlineData("~", "~-")]
    public async Task An_id_can_be_recognised_at_QStash(string id, string start)
    {
        await Start();

        await Send(new ChargeCard("42"), x => x.UseQStash(q => q.DeduplicationId = id));

        Assert.Contains(_cloud.Emulator.GetSnapshot().User("defaultUser").Deduplication,
            known => known.Key.StartsWith($"id:{start}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Long_ids_that_differ_at_the_end_are_two()
    {
        await Start();
        var start = new string('x', 2000);

        foreach (var id in (string[])[start + "1", start + "2"])
            await Send(new ChargeCard(id), x => x.UseQStash(q => q.DeduplicationId = id));

        Assert.Equal(2, (await Charged()).Count);
    }

    [Fact]
    public async Task An_id_holds_for_one_message_type_and_one_destination()
    {
        await Start();

        await Send(new ChargeCard("42"), x => x.UseQStash(q => q.DeduplicationId = "42"));
        await Send(new CardCharged("42"), x => x.UseQStash(q => q.DeduplicationId = "42"));
        await Send(new ChargeCard("42"), x => x.UseQStash(q => q.DeduplicationId = "42"), "queue:other");
        await _cloud.WaitUntilIdleAsync();

        Assert.Equal(2, _orders.Observed.Messages<ChargeCard>().Count);
        Assert.Single(_orders.Observed.Messages<CardCharged>());
    }

    [Fact]
    public async Task An_id_does_not_keep_a_publish_from_the_consumers_of_base_types()
    {
        await Start(cfg =>
        {
            cfg.Send<Dog>(x => x.UseDeduplicationId(context => context.Message.Name));
            cfg.ReceiveEndpoint("dogs", e => e.Handler<Dog>(Observe));
            cfg.ReceiveEndpoint("animals", e => e.Handler<IAnimal>(Observe));
        });

        await _orders.Publish(new Dog("Rex"));
        await _orders.Publish(new Dog("Rex"));
        await _cloud.WaitUntilIdleAsync();

        Assert.Single(_orders.Observed.Contexts<Dog>());
        Assert.Single(_orders.Observed.Contexts<IAnimal>(), x => x is not ConsumeContext<Dog>);
    }

    [Fact]
    public async Task An_id_does_not_swallow_what_a_consumer_forwards_defers_or_has_redelivered()
    {
        var attempts = 0;
        await Start(cfg =>
        {
            cfg.Send<OrderSubmitted>(x => x.UseDeduplicationId(context => context.Message.OrderId));
            cfg.ReceiveEndpoint("first", e =>
            {
                e.UseDelayedRedelivery(r => r.Interval(1, TimeSpan.FromMinutes(1)));
                e.Handler<OrderSubmitted>(x => ++attempts switch
                {
                    1 => throw new InvalidOperationException("Not yet."),
                    2 => x.DeferDelivery(TimeSpan.FromMinutes(1)),
                    3 => x.Forward(new Uri("queue:first")),
                    _ => x.Forward(new Uri("queue:second")),
                });
            });
            cfg.ReceiveEndpoint("second", e =>
            {
                e.ConfigureConsumeTopology = false;
                e.Handler<OrderSubmitted>(Observe);
            });
        });

        await _orders.Publish(new OrderSubmitted("42"));
        await _cloud.AdvanceAsync(TimeSpan.FromMinutes(5));

        Assert.Equal(4, attempts);
        Assert.Single(_orders.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task An_id_recognises_the_same_work_caused_by_two_deliveries()
    {
        await Start(cfg =>
        {
            cfg.Send<ChargeCard>(x => x.UseDeduplicationId(context => context.Message.OrderId));
            cfg.ReceiveEndpoint("orders", e => e.Handler<OrderSubmitted>(x => x.Send(new Uri("queue:charges"), new ChargeCard(x.Message.OrderId))));
        });

        await _orders.Publish(new OrderSubmitted("42"));
        await _orders.Publish(new OrderSubmitted("42"));

        Assert.Equal(["42"], await Charged());
    }

    [Fact]
    public async Task By_content_delivers_the_first_of_equal_messages()
    {
        await Start(cfg => cfg.Send<ChargeCard>(x => x.UseDeduplication(QStashDeduplication.Content)));

        foreach (var orderId in (string[])["42", "43", "42"])
            await Send(new ChargeCard(orderId));

        Assert.Equal(["42", "43"], await Charged());
    }

    [Fact]
    public async Task Nothing_delivers_all_copies()
    {
        await Start(cfg => cfg.Send<ChargeCard>(x => x.UseDeduplication(QStashDeduplication.None)));
        var messageId = NewId.NextGuid();

        await Send(new ChargeCard("42"), x => x.MessageId = messageId);
        await Send(new ChargeCard("42"), x => x.MessageId = messageId);

        Assert.Equal(["42", "42"], await Charged());
    }

    [Fact]
    public async Task Nothing_means_that_a_lost_answer_is_the_senders_to_decide_about()
    {
        await Start(cfg => cfg.Send<ChargeCard>(x => x.UseDeduplication(QStashDeduplication.None)), s => s.InterceptApi(() => new LostAnswer()));

        await Assert.ThrowsAsync<global::QStash.Client.QStashUnreachableException>(() => Send(new ChargeCard("42")));

        Assert.Equal(["42"], await Charged());
    }

    async Task Start(Action<IQStashBusFactoryConfigurator>? configure = null, Action<ServiceBuilder>? service = null)
    {
        _cloud = await Cloud.StartAsync();
        _orders = await _cloud.StartServiceAsync("orders", s =>
        {
            s.AddBus(null, (_, cfg) =>
            {
                configure?.Invoke(cfg);
                foreach (var name in (string[])["charges", "other"])
                {
                    cfg.ReceiveEndpoint(name, e =>
                    {
                        e.Handler<ChargeCard>(Observe);
                        e.Handler<CardCharged>(Observe);
                    });
                }
            });
            service?.Invoke(s);
        });
    }

    Task Observe(ConsumeContext context)
    {
        _orders.Observed.Add(context);

        return Task.CompletedTask;
    }

    async Task Send<T>(T message, Action<SendContext<T>>? configure = null, string address = "queue:charges")
        where T : class
    {
        var endpoint = await _orders.Bus.GetSendEndpoint(new Uri(address));

        await endpoint.Send(message, x => configure?.Invoke(x), Cancellation);
    }

    async Task<IReadOnlyList<string>> Charged()
    {
        await _cloud.WaitUntilIdleAsync();

        return _orders.Observed.Messages<ChargeCard>().Select(x => x.OrderId).Order().ToArray();
    }

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();
}

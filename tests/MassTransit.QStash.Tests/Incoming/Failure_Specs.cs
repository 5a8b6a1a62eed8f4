using System.Text;
using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests;

/// <summary>
/// The ways of MassTransit to deal with what fails, on the real transport.
/// </summary>
public sealed class A_failure : IAsyncLifetime
{
    Cloud _cloud = null!;
    int _attempts;

    public async ValueTask InitializeAsync() => _cloud = await Cloud.StartAsync();

    [Fact]
    public async Task Is_retried_at_once_then_redelivered_later_and_then_published_once()
    {
        var redeliveries = new List<int>();
        var orders = await Start(
            e =>
            {
                e.UseDelayedRedelivery(r => r.Intervals(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15)));
                e.UseMessageRetry(r => r.Immediate(2));
            },
            context =>
            {
                redeliveries.Add(context.GetRedeliveryCount());
                throw new InvalidOperationException("Out of stock.");
            });

        await orders.Send("queue:orders", new OrderSubmitted("42"));
        await _cloud.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Equal([0, 0, 0, 1, 1, 1, 2, 2, 2], redeliveries);
        Assert.Single(orders.Observed.Messages<Fault<OrderSubmitted>>());
        Assert.Single(await DeadLetters());
    }

    [Fact]
    public async Task Is_only_retried_when_the_policy_handles_its_exception()
    {
        var orders = await Start(e => e.UseMessageRetry(r =>
        {
            r.Immediate(5);
            r.Ignore<ArgumentException>();
        }), _ => throw new ArgumentException("Never will be."));

        await orders.Send("queue:orders", new OrderSubmitted("42"));
        await _cloud.WaitUntilIdleAsync();

        Assert.Equal(1, _attempts);
        var fault = Assert.Single(orders.Observed.Messages<Fault<OrderSubmitted>>());
        Assert.EndsWith(nameof(ArgumentException), Assert.Single(fault.Exceptions).ExceptionType, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Goes_to_the_address_the_sender_wants_to_hear_of_it_at()
    {
        var orders = await Start(null, _ => throw new InvalidOperationException("Out of stock."));
        var shop = await _cloud.StartServiceAsync("shop", s => s.AddBus(x => x.AddConsumer<Recorder<Fault<OrderSubmitted>>>().Endpoint(e =>
        {
            e.Name = "failed-orders";
            e.ConfigureConsumeTopology = false;
        })));
        var endpoint = await shop.Bus.GetSendEndpoint(new Uri("http://orders.test/qstash/orders"));

        await endpoint.Send(new OrderSubmitted("42"), x => x.FaultAddress = new Uri("http://shop.test/qstash/failed-orders"), Cancellation);
        await _cloud.WaitUntilIdleAsync();

        Assert.Equal("42", Assert.Single(shop.Observed.Messages<Fault<OrderSubmitted>>()).Message.OrderId);
        Assert.Empty(orders.Observed.Messages<Fault<OrderSubmitted>>());
    }

    [Fact]
    public async Task Of_a_derived_type_reaches_who_consumes_faults_of_its_base_type()
    {
        var zoo = await _cloud.StartServiceAsync("zoo", s => s.AddBus(x => x.AddConsumer<Recorder<Fault<IAnimal>>>().Endpoint(e => e.Name = "sick"),
            (_, cfg) => cfg.ReceiveEndpoint("dogs", e => e.Handler<Dog>(_ => throw new InvalidOperationException("Bites.")))));

        await zoo.Publish(new Dog("Rex"));
        await _cloud.WaitUntilIdleAsync();

        Assert.Equal("Rex", Assert.Single(zoo.Observed.Messages<Fault<IAnimal>>()).Message.Name);
    }

    [Fact]
    public async Task Is_done_with_where_faulted_messages_are_discarded()
    {
        var orders = await Start(e => e.DiscardFaultedMessages(), _ => throw new InvalidOperationException("Out of stock."));

        await orders.Send("queue:orders", new OrderSubmitted("42"));
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal(1, _attempts);
        Assert.Empty(await DeadLetters());
        // Discarding is about the message; who listens for faults still hears of it.
        Assert.Single(orders.Observed.Messages<Fault<OrderSubmitted>>());
    }

    [Fact]
    public async Task Without_published_faults_is_only_in_the_dead_letter_queue()
    {
        var orders = await Start(e => e.PublishFaults = false, _ => throw new InvalidOperationException("Out of stock."));

        await orders.Send("queue:orders", new OrderSubmitted("42"));
        await _cloud.WaitUntilIdleAsync();

        Assert.Empty(orders.Observed.Messages<Fault<OrderSubmitted>>());
        Assert.Contains("Out of stock.", Assert.Single(await DeadLetters()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/vnd.masstransit+json", "{ not json")]
    [InlineData("application/vnd.masstransit+json", "")]
    [InlineData("application/vnd.masstransit+json", "[]")]
    [InlineData("application/octet-stream", "\u0001\u0002")]
    [InlineData(null, "hello")]
    public async Task To_read_the_body_goes_to_the_dead_letter_queue_and_holds_up_nothing(string? contentType, string body)
    {
        var orders = await Start(e => e.UseMessageRetry(r => r.Immediate(3)), _ => Task.CompletedTask);

        await _cloud.Client.PublishAsync(new() { Destination = "http://orders.test/qstash/orders", ContentType = contentType, Body = Encoding.UTF8.GetBytes(body) }, Cancellation);
        await orders.Send("queue:orders", new OrderSubmitted("42"));
        await _cloud.WaitUntilIdleAsync();

        Assert.Equal(1, _attempts);
        Assert.Single(await DeadLetters());
    }

    async Task<Service> Start(Action<IQStashReceiveEndpointConfigurator>? configure, Func<ConsumeContext<OrderSubmitted>, Task> consume) =>
        await _cloud.StartServiceAsync("orders", s => s.AddBus(x =>
        {
            x.AddDelayedMessageScheduler();
            x.AddConsumer<Recorder<Fault<OrderSubmitted>>>().Endpoint(e => e.Name = "faults");
        }, (_, cfg) =>
        {
            cfg.UseDelayedMessageScheduler();
            cfg.ReceiveEndpoint("orders", e =>
            {
                configure?.Invoke(e);
                e.Handler<OrderSubmitted>(context =>
                {
                    _attempts++;
                    return consume(context);
                });
            });
        }));

    async Task<string[]> DeadLetters() =>
        (await _cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items
        .Select(x => Encoding.UTF8.GetString(x.ResponseBody.Span)).ToArray();

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();
}

public class A_message_nobody_on_the_endpoint_wants
{
    [Theory]
    [InlineData("dead-letter", 1)]
    [InlineData("discard", 1)]
    [InlineData("throw", 4)]
    public async Task Ends_as_the_endpoint_says(string choice, int attempts)
    {
        await using var cloud = await Cloud.StartAsync();
        var seen = new Attempts();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint("orders", e =>
        {
            if (choice == "discard")
                e.DiscardSkippedMessages();
            if (choice == "throw")
                e.ThrowOnSkippedMessages();

            e.Handler<OrderSubmitted>(_ => Task.CompletedTask);
        })));
        orders.Bus.ConnectReceiveObserver(seen);

        await orders.Send("queue:orders", new ChargeCard("42"));
        await cloud.AdvanceAsync(TimeSpan.FromDays(2));

        Assert.Equal(attempts, seen.Count);
        var deadLetters = (await cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items;
        Assert.Equal(choice == "discard" ? 0 : 1, deadLetters.Count);
    }

    sealed class Attempts : IReceiveObserver
    {
        static readonly Uri Endpoint = new("http://orders.test/qstash/orders");

        int _count;

        public int Count => _count;

        public Task PreReceive(ReceiveContext context)
        {
            if (context.InputAddress == Endpoint)
                Interlocked.Increment(ref _count);

            return Task.CompletedTask;
        }

        public Task PostReceive(ReceiveContext context) => Task.CompletedTask;
        public Task ReceiveFault(ReceiveContext context, Exception exception) => Task.CompletedTask;
        public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class => Task.CompletedTask;
        public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) where T : class => Task.CompletedTask;
    }
}

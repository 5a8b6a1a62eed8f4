using System.Collections.Concurrent;
using MassTransit.QStash.Tests.Support;
using QStash.Client;

namespace MassTransit.QStash.Tests;

/// <summary>
/// Messages with the same key are consumed one after the other.
/// </summary>
public sealed class Ordered_delivery : IAsyncDisposable
{
    public record CustomerMoved(int Customer, int Number);

    public record CustomerRenamed(int Customer, int Number);

    readonly ConcurrentQueue<(int Customer, int Number)> _attempts = new();
    readonly ConcurrentQueue<(int Customer, int Number)> _consumed = new();
    Cloud _cloud = null!;
    Service _orders = null!;

    [Fact]
    public async Task Keeps_the_order_of_a_key_also_when_messages_have_to_be_retried()
    {
        await Start(cfg => cfg.Send<CustomerMoved>(x =>
        {
            x.UseOrderedDelivery(m => m.Customer, fifoQueues: 3);
            x.UseDelivery(d => (d.Retries, d.RetryDelay) = (5, QStashRetryDelay.Fixed(TimeSpan.FromMinutes(1))));
        }), fails: (_, number, attempts) => number % 3 == 0 && attempts < 3);

        for (var number = 0; number < 10; number++)
        {
            for (var customer = 1; customer <= 4; customer++)
                await Send(new CustomerMoved(customer, number));
        }
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        for (var customer = 1; customer <= 4; customer++)
            Assert.Equal(Enumerable.Range(0, 10), _consumed.Where(x => x.Customer == customer).Select(x => x.Number));
        // Each third message was tried three times.
        Assert.Equal(4 * (10 + 2 * 4), _attempts.Count);
    }

    [Fact]
    public async Task Goes_on_with_other_keys_while_one_waits_for_a_retry()
    {
        await Start(cfg => cfg.Send<CustomerMoved>(x => x.UseOrderedDelivery(m => m.Customer, fifoQueues: 8)),
            fails: (customer, _, attempts) => customer == 1 && attempts == 1);

        for (var number = 0; number < 3; number++)
        {
            for (var customer = 1; customer <= 2; customer++)
                await Send(new CustomerMoved(customer, number));
        }
        await _cloud.WaitUntilIdleAsync();

        Assert.Equal([(2, 0), (2, 1), (2, 2)], _consumed);
        await _cloud.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal([0, 1, 2], _consumed.Where(x => x.Customer == 1).Select(x => x.Number));
    }

    [Fact]
    public async Task Goes_on_after_a_message_that_failed_for_good()
    {
        await Start(cfg => cfg.Send<CustomerMoved>(x =>
        {
            x.UseOrderedDelivery(m => m.Customer);
            x.UseDelivery(d => d.Retries = 1);
        }), fails: (_, number, _) => number == 0);

        await Send(new CustomerMoved(1, 0));
        await Send(new CustomerMoved(1, 1));
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal([(1, 0), (1, 0), (1, 1)], _attempts);
        Assert.Single((await _cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items);
    }

    [Fact]
    public async Task Keeps_the_order_across_message_types_sent_and_published()
    {
        await Start(cfg =>
        {
            cfg.Send<CustomerMoved>(x => x.UseOrderedDelivery(m => m.Customer));
            cfg.Send<CustomerRenamed>(x => x.UseOrderedDelivery(m => m.Customer));
        }, fails: (_, number, attempts) => number == 0 && attempts < 3);

        await Send(new CustomerMoved(1, 0));
        await _orders.Publish(new CustomerRenamed(1, 1));
        await Send(new CustomerMoved(1, 2));
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal([(1, 0), (1, 1), (1, 2)], _consumed);
    }

    [Fact]
    public async Task Uses_no_more_queues_than_allowed_whatever_the_number_of_keys()
    {
        await Start(cfg => cfg.Send<CustomerMoved>(x => x.UseOrderedDelivery(m => m.Customer, fifoQueues: 4, prefix: "customers")));

        for (var customer = 0; customer < 50; customer++)
            await Send(new CustomerMoved(customer, 0));
        await _cloud.WaitUntilIdleAsync();

        var queues = await _cloud.Client.Queues.ListAsync(Cancellation);
        Assert.Equal(["customers-0", "customers-1", "customers-2", "customers-3"], queues.Select(queue => queue.Name).Order());
        Assert.All(queues, queue => Assert.Equal(1, queue.Parallelism));
        Assert.Equal(50, _consumed.Count);
    }

    [Fact]
    public async Task Follows_MassTransits_partition_key()
    {
        await Start(cfg => cfg.Send<CustomerMoved>(x => x.UsePartitionKeyFormatter(context => $"{context.Message.Customer}")));

        Assert.Equal("ordered-3", await QueueOf(new CustomerMoved(1, 0)));
        Assert.Equal(await QueueOf(new CustomerMoved(1, 1)), await QueueOf(new CustomerRenamed(9, 2), x => x.SetPartitionKey("1")));
        Assert.Null(await QueueOf(new CustomerMoved(1, 3), x => x.SetPartitionKey(null)));
    }

    [Fact]
    public async Task Leaves_a_message_without_key_to_itself()
    {
        await Start(cfg => cfg.Send<CustomerMoved>(x => x.UseOrderedDelivery(m => m.Customer == 0 ? null : (object)m.Customer)));

        Assert.Null(await QueueOf(new CustomerMoved(0, 0)));
        Assert.NotNull(await QueueOf(new CustomerMoved(1, 0)));
    }

    [Fact]
    public async Task Leaves_a_delayed_message_to_itself_and_the_queue_to_the_others()
    {
        await Start(cfg => cfg.Send<CustomerMoved>(x => x.UseOrderedDelivery(m => m.Customer)));

        await Send(new CustomerMoved(1, 0), x => x.Delay = TimeSpan.FromHours(1));
        await Send(new CustomerMoved(1, 1));
        await _cloud.AdvanceAsync(TimeSpan.FromHours(2));

        Assert.Equal([(1, 1), (1, 0)], _consumed);
    }

    [Theory]
    [InlineData(0, "ordered", "from 1 to 1000")]
    [InlineData(1001, "ordered", "from 1 to 1000")]
    [InlineData(8, "a b", "'a b' cannot begin the name of a QStash queue")]
    public async Task With_an_illegal_setting_stops_the_bus_from_starting(int queues, string prefix, string problem)
    {
        _cloud = await Cloud.StartAsync();

        var exception = Assert.ThrowsAny<Exception>(() => _cloud.Build("orders",
            s => s.AddBus(null, (_, cfg) => cfg.Send<CustomerMoved>(x => x.UseOrderedDelivery(m => m.Customer, queues, prefix)))));

        Assert.Contains(problem, exception.ToString(), StringComparison.Ordinal);
    }

    async Task Start(Action<IQStashBusFactoryConfigurator> configure, Func<int, int, int, bool>? fails = null)
    {
        _cloud = await Cloud.StartAsync();
        _orders = await _cloud.StartServiceAsync("orders", s => s.AddBus(null, (_, cfg) =>
        {
            configure(cfg);
            cfg.ReceiveEndpoint("customers", e =>
            {
                e.UseTransportRetry();
                e.Handler<CustomerMoved>(x => Consume(x.Message.Customer, x.Message.Number));
                e.Handler<CustomerRenamed>(x => Consume(x.Message.Customer, x.Message.Number));
            });
        }));

        Task Consume(int customer, int number)
        {
            _attempts.Enqueue((customer, number));
            if (fails?.Invoke(customer, number, _attempts.Count(x => x == (customer, number))) == true)
                throw new InvalidOperationException("Not yet.");

            _consumed.Enqueue((customer, number));
            return Task.CompletedTask;
        }
    }

    async Task Send<T>(T message, Action<SendContext>? configure = null)
        where T : class
    {
        var endpoint = await _orders.Bus.GetSendEndpoint(new Uri("queue:customers"));

        await endpoint.Send(message, x => configure?.Invoke(x), Cancellation);
    }

    async Task<string?> QueueOf<T>(T message, Action<SendContext>? configure = null)
        where T : class
    {
        await Send(message, configure);
        await _cloud.WaitUntilIdleAsync();

        return (await _cloud.Client.Logs.ListAsync(cancellationToken: Cancellation)).Items[0].Queue;
    }

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();
}

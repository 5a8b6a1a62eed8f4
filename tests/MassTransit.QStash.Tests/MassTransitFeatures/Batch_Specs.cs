using System.Threading.Channels;
using MassTransit.QStash.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using QStash.Client;

namespace MassTransit.QStash.Tests;

/// <summary>A message of a batch is answered when the batch is consumed, so the batch is made of requests that are open together.</summary>
public class Batch_consumers
{
    sealed class OrderBatchConsumer(Channel<Batch<OrderSubmitted>> batches, Func<Task> consume) : IConsumer<Batch<OrderSubmitted>>
    {
        public async Task Consume(ConsumeContext<Batch<OrderSubmitted>> context)
        {
            await batches.Writer.WriteAsync(context.Message);
            await consume();
        }
    }

    readonly Channel<Batch<OrderSubmitted>> _batches = Channel.CreateUnbounded<Batch<OrderSubmitted>>();
    readonly Channel<bool> _arrivals = Channel.CreateUnbounded<bool>();

    Task<Service> StartAsync(Cloud cloud, Func<Task> consume, int messageLimit, TimeSpan? timeLimit = null, Action<IQStashReceiveEndpointConfigurator>? configure = null) =>
        cloud.StartServiceAsync("orders", s =>
        {
            s.Services.AddSingleton(_batches).AddSingleton(consume);
            s.AddBus(
                x =>
                {
                    x.AddConsumer<Recorder<Fault<OrderSubmitted>>>().Endpoint(e => e.Name = "faults");
                    // The time is up on MassTransit's own, real, timer.
                    x.AddConsumer<OrderBatchConsumer>(c => c.Options<BatchOptions>(o => o.SetMessageLimit(messageLimit).SetTimeLimit(timeLimit ?? TimeSpan.FromMinutes(10))));
                },
                (context, cfg) => cfg.ReceiveEndpoint("orders", e =>
                {
                    configure?.Invoke(e);
                    e.ConfigureConsumer<OrderBatchConsumer>(context);
                }));
            s.Map(app =>
            {
                app.Use((_, next) =>
                {
                    _arrivals.Writer.TryWrite(true);
                    return next();
                });
                app.MapQStash();
            });
        });

    async Task<string[]> NextBatch() => (await _batches.Reader.ReadAsync(Cancellation)).Select(x => x.Message.OrderId).Order().ToArray();

    static async Task<QStashDeadLetter[]> DeadLetters(Cloud cloud) =>
        [.. (await cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items];

    static int Open(Cloud cloud) => cloud.Emulator.GetSnapshot().User("defaultUser").Messages.Count;

    [Fact]
    public async Task Answer_each_message_when_the_batch_is_done_and_not_before()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartAsync(cloud, () => release.Task, messageLimit: 3);

        await orders.Publish(new OrderSubmitted("1"));
        await orders.Publish(new OrderSubmitted("2"));
        await _arrivals.Reader.ReadAsync(Cancellation);
        await _arrivals.Reader.ReadAsync(Cancellation);
        Assert.False(_batches.Reader.TryPeek(out _));

        await orders.Publish(new OrderSubmitted("3"));
        Assert.Equal(["1", "2", "3"], await NextBatch());
        Assert.Equal(3, Open(cloud));

        release.SetResult();
        await cloud.WaitUntilIdleAsync();
        Assert.Equal(0, Open(cloud));
        Assert.Empty(await DeadLetters(cloud));
    }

    [Fact]
    public async Task Get_what_there_is_when_the_time_is_up()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartAsync(cloud, () => Task.CompletedTask, messageLimit: 10, TimeSpan.FromMilliseconds(50));

        await orders.Publish(new OrderSubmitted("1"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(["1"], await NextBatch());
        Assert.Equal(0, Open(cloud));
    }

    [Fact]
    public async Task That_fail_fail_each_message_of_the_batch_once()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartAsync(cloud, () => throw new InvalidOperationException("Out of stock."), messageLimit: 3);

        await Task.WhenAll(Enumerable.Range(0, 3).Select(i => orders.Publish(new OrderSubmitted($"{i}"))));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(["0", "1", "2"], await NextBatch());
        Assert.False(_batches.Reader.TryPeek(out _));
        Assert.Equal(["0", "1", "2"], orders.Observed.Messages<Fault<OrderSubmitted>>().Select(x => x.Message.OrderId).Order());
        Assert.All(await DeadLetters(cloud), letter => Assert.Equal(489, letter.ResponseStatus));
        Assert.Equal(3, (await DeadLetters(cloud)).Length);
    }

    [Fact]
    public async Task That_fail_get_the_messages_in_another_batch_where_QStash_retries()
    {
        var attempts = 0;
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartAsync(cloud, () => Interlocked.Increment(ref attempts) == 1 ? throw new InvalidOperationException("Out of stock.") : Task.CompletedTask,
            messageLimit: 3, configure: e => e.UseTransportRetry());

        await Task.WhenAll(Enumerable.Range(0, 3).Select(i => orders.Publish(new OrderSubmitted($"{i}"))));
        await cloud.AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(["0", "1", "2"], await NextBatch());
        Assert.Equal(["0", "1", "2"], await NextBatch());
        Assert.Empty(orders.Observed.Messages<Fault<OrderSubmitted>>());
        Assert.Empty(await DeadLetters(cloud));
    }
}

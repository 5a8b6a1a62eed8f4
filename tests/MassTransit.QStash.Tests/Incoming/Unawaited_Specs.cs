using MassTransit.QStash.Tests.Support;
using QStash.Client;

namespace MassTransit.QStash.Tests;

/// <summary>
/// A consumer may start to send something and return before it is sent. The answer waits for it, as the acknowledgement of any transport.
/// </summary>
public class What_a_consumer_does_not_await
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Decides_about_its_delivery(bool isOfSchedule, bool fails)
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddQStashMessageScheduler(),
            (_, cfg) => cfg.ReceiveEndpoint("orders", e => e.Handler<OrderSubmitted>(context =>
            {
                var unawaited = context.Publish(new CardCharged(context.Message.OrderId));

                return unawaited.IsCompleted ? unawaited : Task.CompletedTask;
            }))));
        orders.Bus.ConnectPublishObserver(new Publishes(fails));

        if (isOfSchedule)
            await orders.Recur(x => x.ScheduleRecurringSend(new Uri("queue:orders"), new Recurring("hourly", "0 * * * *"), new OrderSubmitted("42"), Cancellation));
        else
            await orders.Send("queue:orders", new OrderSubmitted("42"));
        await cloud.AdvanceAsync(TimeSpan.FromMinutes(61));

        var states = (await cloud.Client.Logs.ListAsync(cancellationToken: Cancellation)).Items.Select(entry => entry.State);
        Assert.Equal(!fails, states.Contains(QStashMessageState.Delivered));
    }

    sealed class Publishes(bool fail) : IPublishObserver
    {
        // It continues when the consumer has returned.
        public async Task PrePublish<T>(PublishContext<T> context) where T : class
        {
            await Task.Yield();
            if (fail && typeof(T) == typeof(CardCharged))
                throw new InvalidOperationException("It cannot be published.");
        }

        public Task PostPublish<T>(PublishContext<T> context) where T : class => Task.CompletedTask;
        public Task PublishFault<T>(PublishContext<T> context, Exception exception) where T : class => Task.CompletedTask;
    }
}

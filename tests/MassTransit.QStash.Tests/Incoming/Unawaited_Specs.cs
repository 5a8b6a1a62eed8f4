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
            (_, cfg) => cfg.ReceiveEndpoint("orders", e => e.Handler<OrderSubmitted>(Consume))));
        var observer = new AfterTheConsumer(fails);
        orders.Bus.ConnectPublishObserver(observer);
        orders.Bus.ConnectConsumeObserver(observer);

        if (isOfSchedule)
            await orders.Recur(x => x.ScheduleRecurringSend(new Uri("queue:orders"), new Recurring("hourly", "0 * * * *"), new OrderSubmitted("42"), Cancellation));
        else
            await orders.Send("queue:orders", new OrderSubmitted("42"));
        await cloud.AdvanceAsync(TimeSpan.FromMinutes(61));

        var states = (await cloud.Client.Logs.ListAsync(cancellationToken: Cancellation)).Items.Select(entry => entry.State);
        Assert.Equal(!fails, states.Contains(QStashMessageState.Delivered));
    }

    static Task Consume(ConsumeContext<OrderSubmitted> context)
    {
#pragma warning disable QSTASH009 // That is what the test is about.
        _ = context.Publish(new CardCharged(context.Message.OrderId));
#pragma warning restore QSTASH009

        return Task.CompletedTask;
    }

    /// <summary>Publishes only when the consumer has returned.</summary>
    sealed class AfterTheConsumer(bool fail) : IPublishObserver, IConsumeObserver
    {
        readonly TaskCompletionSource _returned = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task PrePublish<T>(PublishContext<T> context) where T : class
        {
            await _returned.Task.WaitAsync(Cancellation);
            if (fail)
                throw new InvalidOperationException("It cannot be published.");
        }

        public Task PreConsume<T>(ConsumeContext<T> context) where T : class => Task.CompletedTask;

        public Task PostConsume<T>(ConsumeContext<T> context) where T : class
        {
            _returned.TrySetResult();

            return Task.CompletedTask;
        }

        public Task ConsumeFault<T>(ConsumeContext<T> context, Exception exception) where T : class => Task.CompletedTask;
        public Task PostPublish<T>(PublishContext<T> context) where T : class => Task.CompletedTask;
        public Task PublishFault<T>(PublishContext<T> context, Exception exception) where T : class => Task.CompletedTask;
    }
}

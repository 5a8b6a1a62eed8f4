using MassTransit.QStash.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.QStash.Tests;

public class A_saga
{
    public record PaymentReceived(string OrderId);

    public record PaymentOverdue(string OrderId);

    public record OrderCanceled(string OrderId);

    public class OrderState : SagaStateMachineInstance
    {
        public Guid CorrelationId { get; set; }
        public string CurrentState { get; set; } = "";
        public string OrderId { get; set; } = "";
        public Guid? OverdueToken { get; set; }
    }

    public class OrderStateMachine : MassTransitStateMachine<OrderState>
    {
        public OrderStateMachine()
        {
            InstanceState(x => x.CurrentState);

            Event(() => Submitted, x => x.CorrelateBy((order, context) => order.OrderId == context.Message.OrderId).SelectId(_ => NewId.NextGuid()));
            Event(() => Paid, x => x.CorrelateBy((order, context) => order.OrderId == context.Message.OrderId));
            Schedule(() => Overdue, x => x.OverdueToken, s =>
            {
                s.Delay = TimeSpan.FromDays(3);
                s.Received = x => x.CorrelateBy((order, context) => order.OrderId == context.Message.OrderId);
            });

            Initially(When(Submitted)
                .Then(x => x.Saga.OrderId = x.Message.OrderId)
                .Schedule(Overdue, x => new PaymentOverdue(x.Message.OrderId))
                .TransitionTo(Waiting));
            During(Waiting,
                When(Paid).Unschedule(Overdue).Finalize(),
                When(Overdue!.Received).Publish(x => new OrderCanceled(x.Message.OrderId)).Finalize());
            SetCompletedWhenFinalized();
        }

        public State Waiting { get; private set; } = null!;
        public Event<OrderSubmitted> Submitted { get; private set; } = null!;
        public Event<PaymentReceived> Paid { get; private set; } = null!;
        public Schedule<OrderState, PaymentOverdue> Overdue { get; private set; } = null!;
    }

    static void AddSaga(ServiceBuilder service, Action<IBusFactoryConfigurator> useScheduler) => service.AddBus(
        x =>
        {
            x.AddSagaStateMachine<OrderStateMachine, OrderState>().InMemoryRepository();
            x.AddConsumer<Recorder<OrderCanceled>>();
        },
        (_, cfg) => useScheduler(cfg));

    static void UseDelays(IBusFactoryConfigurator cfg) => cfg.UseDelayedMessageScheduler();
    static void UseQStash(IBusFactoryConfigurator cfg) => cfg.UseQStashMessageScheduler();

    public static TheoryData<bool> Schedulers() => [false, true];

    [Theory]
    [MemberData(nameof(Schedulers))]
    public async Task Gets_what_it_scheduled_when_the_time_has_come(bool isNative)
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => AddSaga(s, isNative ? UseQStash : UseDelays));

        await orders.Publish(new OrderSubmitted("42"));
        await cloud.AdvanceAsync(TimeSpan.FromHours(71));
        Assert.Empty(orders.Observed.Messages<OrderCanceled>());

        await cloud.AdvanceAsync(TimeSpan.FromHours(2));
        Assert.Equal([new OrderCanceled("42")], orders.Observed.Messages<OrderCanceled>());
    }

    [Theory]
    [MemberData(nameof(Schedulers))]
    public async Task Ignores_what_it_unscheduled(bool isNative)
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => AddSaga(s, isNative ? UseQStash : UseDelays));

        await orders.Publish(new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();
        await orders.Publish(new PaymentReceived("42"));
        await cloud.WaitUntilIdleAsync();
        // The native scheduler takes it off QStash; with the other it arrives, and the saga knows that it is not wanted.
        Assert.Equal(isNative ? 0 : 1, cloud.Emulator.GetSnapshot().User("defaultUser").Messages.Count);

        await cloud.AdvanceAsync(TimeSpan.FromDays(7));

        Assert.Empty(orders.Observed.Messages<OrderCanceled>());
        Assert.Empty((await cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items);
    }
}

using MassTransit;

namespace Reminders;

/// <summary>Reminds of an order that is not paid within three days.</summary>
public class OrderStateMachine : MassTransitStateMachine<Order>
{
    public OrderStateMachine()
    {
        InstanceState(x => x.CurrentState);
        Event(() => Submitted, x => x.CorrelateById(context => context.Message.OrderId));
        Event(() => Paid, x => x.CorrelateById(context => context.Message.OrderId));
        Schedule(() => Overdue, x => x.ReminderToken, x =>
        {
            x.Delay = TimeSpan.FromDays(3);
            x.Received = e => e.CorrelateById(context => context.Message.OrderId);
        });

        Initially(When(Submitted)
            .Schedule(Overdue, context => new PaymentOverdue(context.Saga.CorrelationId))
            .TransitionTo(Unpaid));
        During(Unpaid,
            When(Paid).Unschedule(Overdue).Finalize(),
            When(Overdue!.Received).Publish(context => new SendReminder(context.Saga.CorrelationId)));
        SetCompletedWhenFinalized();
    }

    public State Unpaid { get; } = null!;
    public Event<OrderSubmitted> Submitted { get; } = null!;
    public Event<OrderPaid> Paid { get; } = null!;
    public Schedule<Order, PaymentOverdue> Overdue { get; } = null!;
}

using MassTransit;
using OrderFlow.Contracts;
using OrderFlow.Running;

namespace OrderFlow.Time;

/// <summary>
/// Waits for a payment. QStash keeps the time, so nothing of this service has to.
/// </summary>
public class PaymentStateMachine : MassTransitStateMachine<Payment>
{
    public PaymentStateMachine(FlowTrace trace)
    {
        InstanceState(x => x.CurrentState);
        Event(() => Awaited, x => x.CorrelateById(context => context.Message.OrderId));
        Schedule(() => Overdue, x => x.OverdueToken, x =>
        {
            x.Delay = TimeSpan.FromSeconds(1);
            x.Received = e => e.CorrelateById(context => context.Message.OrderId);
        });

        Initially(When(Awaited)
            .Schedule(Overdue, context => new PaymentOverdue(context.Message.OrderId))
            .TransitionTo(Waiting));

        During(Waiting, When(Overdue.Received)
            .Then(_ => trace.Seen(FlowStep.PaymentOverdue, "the saga's schedule ran out"))
            .Finalize());

        SetCompletedWhenFinalized();
    }

    public State Waiting { get; private set; } = null!;
    public Event<AwaitPayment> Awaited { get; private set; } = null!;
    public Schedule<Payment, PaymentOverdue> Overdue { get; private set; } = null!;
}

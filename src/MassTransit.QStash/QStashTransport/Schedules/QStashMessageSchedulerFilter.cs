using MassTransit.Context;
using MassTransit.Scheduling;

namespace MassTransit.QStashTransport.Schedules;

/// <summary>
/// Gives every consumer a scheduler, which <c>context.ScheduleSend</c>, sagas and <c>UseScheduledRedelivery</c> need.
/// </summary>
sealed class QStashMessageSchedulerFilter : IFilter<ConsumeContext>
{
    public Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        context.GetOrAddPayload<MessageSchedulerContext>(() => new ConsumeMessageSchedulerContext(context, CreateScheduler));

        return next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("qstashScheduler");

    static MessageScheduler CreateScheduler(ConsumeContext context) =>
        new(new QStashScheduleMessageProvider(context.GetPayload<SchedulingServices>, context), context.GetPayload<IBusTopology>());
}

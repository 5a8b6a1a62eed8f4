using MassTransit.QStashTransport.Schedules;
using MassTransit.QStashTransport.Wire;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// Makes messages of their own of what a schedule repeats, and drops those before its start and after its end. The first of all
/// filters, for nothing may see the context it replaces. What makes a message one of a schedule is in its body.
/// </summary>
sealed class TickFilter(RecurringSchedules schedules, string service, TimeProvider time) : IFilter<ConsumeContext>
{
    public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        if (!context.ReceiveContext.TryGetPayload(out QStashDelivery? delivery)
            || EnvelopeFacts.ReadSchedule(context.SerializerContext?.Headers) is not { } schedule)
        {
            await next.Send(context).ConfigureAwait(false);
            return;
        }

        try
        {
            if (!await schedules.IsWithinAsync(schedule, delivery.ScheduleId, delivery.MessageId, service,
                context.CancellationToken).ConfigureAwait(false))
            {
                End(context, DeliveryOutcome.OutOfSchedule);
                return;
            }
        }
        catch (Exception exception) when (!context.CancellationToken.IsCancellationRequested)
        {
            LogContext.Error?.Log(exception, "Whether schedule {ScheduleId} is over could not be found out, and will be tried again",
                schedule.Id);
            End(context, DeliveryOutcome.Failed);
            return;
        }

        var tick = new TickConsumeContext(context.ReceiveContext, context.SerializerContext!, delivery.MessageId, time.GetUtcNow());

        await next.Send(tick).ConfigureAwait(false);

        // Who called waits only for the context that was replaced.
        await tick.ConsumeCompleted.ConfigureAwait(false);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("tick");

    static void End(ConsumeContext context, DeliveryOutcome outcome)
    {
        if (context.ReceiveContext.TryGetPayload(out QStashReceiveContext? receiveContext))
            receiveContext.End(outcome);
    }
}

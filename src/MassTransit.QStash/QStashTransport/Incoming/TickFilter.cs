using MassTransit.QStashTransport.Schedules;
using MassTransit.QStashTransport.Wire;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// Gives each message of a schedule its own id, and drops messages before the start and after the end of the schedule. It is the first of
/// all filters, because no other filter may see the context that it replaces. The body tells that a message belongs to a schedule.
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
            LogContext.Error?.Log(exception, "It could not be found out whether schedule {ScheduleId} is over. It will be tried again",
                schedule.Id);
            End(context, DeliveryOutcome.Failed);
            return;
        }

        var tick = new TickConsumeContext(context.ReceiveContext, context.SerializerContext!, delivery.MessageId, time.GetUtcNow());

        await next.Send(tick).ConfigureAwait(false);

        // The caller waits only for the context that was replaced.
        await tick.ConsumeCompleted.ConfigureAwait(false);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("tick");

    static void End(ConsumeContext context, DeliveryOutcome outcome)
    {
        if (context.ReceiveContext.TryGetPayload(out QStashReceiveContext? receiveContext))
            receiveContext.End(outcome);
    }
}

using MassTransit.QStashTransport.Outgoing;
using MassTransit.Transports;

namespace MassTransit.QStashTransport.Schedules;

/// <summary>
/// Turns a send into a schedule.
/// </summary>
sealed class RecurringSendPipe<T>(IPipe<SendContext<T>> pipe, Recurrence recurrence) : SendContextPipeAdapter<T>(pipe)
    where T : class
{
    protected override void Send(SendContext<T> context)
    {
        if (!context.TryGetPayload(out IOutgoingMessage? recurring))
            throw new InvalidOperationException($"'{context.DestinationAddress}' is not on QStash, so QStash cannot send there again "
                + "and again.");

        recurring.Recurrence = recurrence;
    }

    protected override void Send<TMessage>(SendContext<TMessage> context)
    {
    }
}

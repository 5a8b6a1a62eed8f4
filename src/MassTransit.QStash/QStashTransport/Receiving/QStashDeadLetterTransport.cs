using MassTransit.Transports;

namespace MassTransit.QStashTransport.Receiving;

/// <summary>
/// The error and the skipped "queue": nothing is moved, the answer tells QStash to put the message into its dead letter queue.
/// </summary>
sealed class QStashDeadLetterTransport : IErrorTransport, IDeadLetterTransport
{
    // Enough to know what happened; QStash keeps it, and limits what it keeps.
    const int MaxMessageLength = 1000;

    public Task Send(ExceptionReceiveContext context)
    {
        context.TryGetPayload(out ConsumerFaultContext? fault);

        var exception = context.Exception.GetBaseException();

        // No stack trace: the Fault<T> has it, and this leaves the house.
        return DeadLetter(context, DeliveryOutcome.Faulted, new DeadLetterReason("fault")
        {
            ExceptionType = TypeCache.GetShortName(exception.GetType()),
            Message = exception.Message.Length <= MaxMessageLength ? exception.Message : exception.Message[..MaxMessageLength],
            MessageType = fault?.MessageType,
            ConsumerType = fault?.ConsumerType,
        });
    }

    public Task Send(ReceiveContext context, string reason) =>
        DeadLetter(context, DeliveryOutcome.Skipped, new DeadLetterReason("skipped"));

    static Task DeadLetter(ReceiveContext context, DeliveryOutcome outcome, DeadLetterReason reason)
    {
        // Through the payload, as filters may have wrapped the context.
        if (!context.TryGetPayload(out QStashReceiveContext? receiveContext))
            throw new TransportException(context.InputAddress, "The message did not come through QStash, so QStash cannot dead-letter it.");

        receiveContext.DeadLetter(outcome, reason);

        return Task.CompletedTask;
    }
}

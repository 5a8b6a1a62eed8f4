using MassTransit.Transports;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// The error and the skipped "queue": it moves nothing; the answer tells QStash to put the message into its dead letter queue.
/// </summary>
sealed class QStashDeadLetterTransport(ISerialization serialization) : IErrorTransport, IDeadLetterTransport
{
    public Task Send(ExceptionReceiveContext context) =>
        DeadLetter(context, DeliveryOutcome.Faulted, AnswerReason.OfFault(context, context.Exception));

    // Two messages are not dead-lettered when no consumer wants them: reports, because an endpoint may consume only some of them, and
    // messages that already have another outcome.
    public Task Send(ReceiveContext context, string reason) =>
        context.TryGetPayload(out QStashReceiveContext? receiveContext)
        && (receiveContext.Outcome != DeliveryOutcome.Consumed || receiveContext.GetPayload<QStashDelivery>().CallbackKind is not null)
            ? Task.CompletedTask
            : DeadLetter(context, DeliveryOutcome.Skipped, new QStashDeadLetterReason("skipped")
            {
                Message = DeliverySerialization.DescribeUnreadable(serialization, context),
            });

    static Task DeadLetter(ReceiveContext context, DeliveryOutcome outcome, QStashDeadLetterReason reason)
    {
        // Look in the payloads, because filters may have wrapped the context.
        if (!context.TryGetPayload(out QStashReceiveContext? receiveContext))
            throw new TransportException(context.InputAddress, "The message did not come through QStash, so QStash cannot dead-letter it.");

        receiveContext.DeadLetter(outcome, reason);

        return Task.CompletedTask;
    }
}

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// How a delivery ended.
/// </summary>
/// <param name="Outcome">Determines the answer.</param>
/// <param name="Reason">Why the message failed; it is stored with the message in the dead letter queue.</param>
/// <remarks>
/// It is a class, because the parts of asynchronous methods are compiled ahead for classes only, which makes the first delivery faster.
/// </remarks>
sealed record DeliveryResult(DeliveryOutcome Outcome, QStashDeadLetterReason? Reason = null)
{
    static readonly DeliveryResult Consumed = new(DeliveryOutcome.Consumed);

    public static implicit operator DeliveryResult(DeliveryOutcome outcome) =>
        outcome == DeliveryOutcome.Consumed ? Consumed : new DeliveryResult(outcome);
}

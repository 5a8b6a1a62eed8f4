namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// How a delivery ended.
/// </summary>
/// <param name="Outcome">Determines the answer.</param>
/// <param name="Reason">Why the message failed; it is stored with the message in the dead letter queue.</param>
readonly record struct DeliveryResult(DeliveryOutcome Outcome, QStashDeadLetterReason? Reason = null)
{
    public static implicit operator DeliveryResult(DeliveryOutcome outcome) => new(outcome);
}

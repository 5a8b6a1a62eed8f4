namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// How a delivery ended.
/// </summary>
/// <param name="Outcome">Decides about the answer.</param>
/// <param name="Reason">Why the message is failed, for whoever looks at it in the dead letter queue.</param>
readonly record struct DeliveryResult(DeliveryOutcome Outcome, QStashDeadLetterReason? Reason = null)
{
    public static implicit operator DeliveryResult(DeliveryOutcome outcome) => new(outcome);
}

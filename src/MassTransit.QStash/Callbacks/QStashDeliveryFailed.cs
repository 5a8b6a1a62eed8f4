using QStash.Client;

namespace MassTransit;

/// <summary>
/// QStash gave a message up and put it into the dead letter queue: its attempts are used up, or its endpoint asked for no more. QStash
/// sends this report once, to the endpoint that <see cref="QStashDeliverySettings.FailureCallback"/> names.
/// </summary>
[ConfigureConsumeTopology(false)]
public sealed record QStashDeliveryFailed : QStashDeliveryReport
{
    /// <summary>The id of the message in the dead letter queue.</summary>
    public required string DlqId { get; init; }

    /// <summary>
    /// Why the receive endpoint gave the message up. Null when the endpoint did not do so: there was no answer, the answer had another
    /// status, or the destination is not on this transport. Only if it is null does the failure callback raise a <c>Fault&lt;T&gt;</c>.
    /// </summary>
    public QStashDeadLetterReason? Reason { get; init; }
}

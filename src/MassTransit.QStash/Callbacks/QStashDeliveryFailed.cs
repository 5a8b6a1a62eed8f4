using QStash.Client;

namespace MassTransit;

/// <summary>
/// QStash gave a message up, and it is in the dead letter queue: its attempts are used up, or its endpoint wanted no more. Comes
/// once, to the endpoint that <see cref="QStashDeliverySettings.FailureCallback"/> names.
/// </summary>
[ConfigureConsumeTopology(false)]
public sealed record QStashDeliveryFailed : QStashDeliveryReport
{
    /// <summary>The id of the message in the dead letter queue.</summary>
    public required string DlqId { get; init; }

    /// <summary>
    /// Why its receive endpoint gave the message up; null when it never got to: no answer, another status, or a destination that
    /// is not on this transport. Only then the failure callback raises a <c>Fault&lt;T&gt;</c>.
    /// </summary>
    public QStashDeadLetterReason? Reason { get; init; }
}

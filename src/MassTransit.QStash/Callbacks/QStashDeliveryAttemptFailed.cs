using QStash.Client;

namespace MassTransit;

/// <summary>
/// An attempt to deliver a message failed. QStash tries again unless <see cref="IsLast"/> is true. QStash sends this report after each
/// failed attempt, to the endpoint that <see cref="QStashDeliverySettings.Callback"/> names.
/// </summary>
[ConfigureConsumeTopology(false)]
public sealed record QStashDeliveryAttemptFailed : QStashDeliveryReport
{
    /// <summary>Whether it was the last attempt, after which the message is in the dead letter queue.</summary>
    public bool IsLast { get; init; }
}

using System.Diagnostics.CodeAnalysis;
using QStash.Client;

namespace MassTransit;

/// <summary>
/// How QStash is to deliver one message. Get it with <c>context.TryGetPayload(out QStashSendContext sendContext)</c>, or use the
/// extension methods of <see cref="QStashSendContextExtensions"/>.
/// </summary>
/// <remarks>
/// It starts with the settings of the bus (<see cref="IQStashHostConfigurator.Delivery"/>); those of the message type
/// (<see cref="QStashSendTopologyExtensions"/>, <see cref="QStashPublishTopologyExtensions"/>) are applied next, and what the sender
/// sets last wins. All of it is kept by a transactional outbox.
/// </remarks>
[SuppressMessage("Naming", "CA1715", Justification = "MassTransit's contexts have no I.")]
public interface QStashSendContext :
    SendContext,
    PartitionKeySendContext
{
    /// <summary>
    /// Retries, timeout, labels and whatever else QStash takes; never shared with another send. Its delay is
    /// <see cref="SendContext.Delay"/>.
    /// </summary>
    QStashDeliverySettings Delivery { get; }

    /// <summary>
    /// The earliest time of the delivery, in whole seconds, rounded up. Wins over <see cref="SendContext.Delay"/>, and unlike it does
    /// not begin anew when an outbox sends later. Null, or a time that is past, for at once.
    /// </summary>
    DateTimeOffset? NotBefore { get; set; }

    /// <summary>
    /// An id of your own in place of the MessageId: within ten minutes only the first message of a type with this id arrives at a
    /// destination. Any text. Null for none; setting <see cref="Deduplication"/> clears it.
    /// </summary>
    string? DeduplicationId { get; set; }

    /// <summary>How a second copy is recognised when <see cref="DeduplicationId"/> is null.</summary>
    QStashDeduplication Deduplication { get; set; }

    /// <summary>
    /// The QStash queue to send through, which delivers one message after the other; it is created when missing. Letters, digits,
    /// '.', '_' and '-'. Null for none, unless there is a <see cref="PartitionKeySendContext.PartitionKey"/>: then it is the queue of
    /// that key.
    /// </summary>
    string? QueueName { get; set; }

    /// <summary>
    /// Whether everything of MassTransit is left out, for a receiver that does not know it. The serializer must be one of raw JSON;
    /// <see cref="QStashSendContextExtensions.SendAsPlainJson"/> sets both. Default: false.
    /// </summary>
    bool IsPlainJson { get; set; }

    /// <summary>
    /// What QStash answered, one for each endpoint the message goes to, for observers and whoever keeps the context: the ids lead to
    /// the messages in the API. Empty before the send, and for a message that recurs.
    /// </summary>
    IReadOnlyList<QStashReceipt> Receipts { get; }
}

using QStash.Client;

namespace MassTransit;

/// <summary>
/// How QStash delivers one message: the delivery settings of the bus and of the message type, and what only a single send can say.
/// <c>context.UseQStash(d => d.Retries = 5)</c>.
/// </summary>
/// <remarks>
/// <see cref="QStashMessageSettings.Delay"/> is the same as <see cref="SendContext.Delay"/>. A
/// <see cref="QStashMessageSettings.Method"/> other than POST is for URLs of third parties: receive endpoints take nothing else.
/// </remarks>
public sealed class QStashSendSettings : QStashMessageSettings
{
    QStashDeduplication _deduplication;

    internal QStashSendSettings(QStashDeliverySettings source)
        : base(source)
    {
    }

    /// <summary>
    /// The earliest time of the delivery, in whole seconds, rounded up. Wins over <see cref="SendContext.Delay"/>, and unlike it does
    /// not begin anew when an outbox sends later. Null, or a time that is past, for at once.
    /// </summary>
    public DateTimeOffset? NotBefore { get; set; }

    /// <summary>
    /// An id of your own in place of the MessageId: within ten minutes only the first message of a type with this id arrives at a
    /// destination. Any text. Null for none; setting <see cref="Deduplication"/> clears it.
    /// </summary>
    public string? DeduplicationId { get; set; }

    /// <summary>How a second copy is recognised when <see cref="DeduplicationId"/> is null. Default: by the MessageId.</summary>
    public QStashDeduplication Deduplication
    {
        get => _deduplication;
        set => (_deduplication, DeduplicationId) = (value, null);
    }

    /// <summary>
    /// The FIFO queue of QStash to send through, which delivers one message after the other; it is created when missing. Letters,
    /// digits, '.', '_' and '-'. Null for none, unless there is a <see cref="PartitionKeySendContext.PartitionKey"/>: then it is the
    /// FIFO queue of that key.
    /// </summary>
    public string? FifoQueue { get; set; }

    /// <summary>
    /// Sends the message as anybody would send JSON: the message alone as the body, <c>application/json</c>, and each header set
    /// on the context as an HTTP header of its own, which must be printable ASCII. For webhooks and other receivers that do not know
    /// MassTransit. What MassTransit adds elsewhere (ids, addresses, time to live) is left out; a trace goes on as <c>traceparent</c>.
    /// Default: false.
    /// </summary>
    /// <remarks>
    /// For all messages of a bus or an endpoint: <c>UseRawJsonSerializer(RawSerializerOptions.AnyMessageType)</c>. With
    /// <see cref="RawSerializerOptions.AddTransportHeaders"/> the body is the same, and MassTransit's headers come with it. A
    /// transactional outbox can only replay what the bus can read: with one, the bus needs <c>cfg.UseRawJsonDeserializer()</c>.
    /// </remarks>
    public bool PlainJson { get; set; }
}

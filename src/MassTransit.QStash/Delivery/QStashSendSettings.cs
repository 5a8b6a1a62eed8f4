using QStash.Client;

namespace MassTransit;

/// <summary>
/// How QStash delivers one message: the delivery settings of the bus and of the message type, and settings that only a single send has.
/// <c>context.UseQStash(d => d.Retries = 5)</c>.
/// </summary>
/// <remarks>
/// <see cref="QStashMessageSettings.Delay"/> is the same as <see cref="SendContext.Delay"/>. A <see cref="QStashMessageSettings.Method"/>
/// other than POST is for URLs of third parties: receive endpoints take only POST.
/// </remarks>
public sealed class QStashSendSettings : QStashMessageSettings
{
    QStashDeduplication _deduplication;

    internal QStashSendSettings(QStashDeliverySettings source)
        : base(source)
    {
    }

    /// <summary>
    /// The earliest time of the delivery, in whole seconds, rounded up. Wins over <see cref="SendContext.Delay"/>. Unlike a delay it does
    /// not start again when an outbox sends the message later. With null or a time in the past the message is delivered at once.
    /// </summary>
    public DateTimeOffset? NotBefore { get; set; }

    /// <summary>
    /// Your own id in place of the MessageId, any text: within ten minutes only the first message of a type with this id arrives at a
    /// destination. Null for none; setting <see cref="Deduplication"/> clears it.
    /// </summary>
    public string? DeduplicationId { get; set; }

    /// <summary>How a second copy is recognised when <see cref="DeduplicationId"/> is null. Default: by the MessageId.</summary>
    public QStashDeduplication Deduplication
    {
        get => _deduplication;
        set => (_deduplication, DeduplicationId) = (value, null);
    }

    /// <summary>
    /// The FIFO queue of QStash to send through, which delivers one message after the other; QStash creates it if it does not exist.
    /// Letters, digits, '.', '_' and '-'. Null for none; a message with a <see cref="PartitionKeySendContext.PartitionKey"/> then goes
    /// through the FIFO queue of that key.
    /// </summary>
    public string? FifoQueue { get; set; }

    /// <summary>
    /// Sends plain JSON without MassTransit's envelope, for webhooks and other receivers that do not know MassTransit. The body is the
    /// message alone, as <c>application/json</c>. Each header set on the context becomes an HTTP header, whose value must be printable
    /// ASCII. MassTransit's own data (ids, addresses, time to live) is left out; a trace continues as <c>traceparent</c>. Default: false.
    /// </summary>
    /// <remarks>
    /// For all messages of a bus or an endpoint: <c>UseRawJsonSerializer(RawSerializerOptions.AnyMessageType)</c>. With
    /// <see cref="RawSerializerOptions.AddTransportHeaders"/> the body is the same, and MassTransit's headers come with it. A
    /// transactional outbox can only replay what the bus can read: with one, the bus needs <c>cfg.UseRawJsonDeserializer()</c>.
    /// </remarks>
    public bool PlainJson { get; set; }
}

using MassTransit.Context;
using MassTransit.QStashTransport.Addresses;
using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit.QStashTransport.Outgoing;

/// <summary>
/// The context of a send. Everything that a message type or a sender can set is written to the properties, because an outbox replays a
/// message without its type.
/// </summary>
sealed class QStashMessageSendContext<T> :
    MessageSendContext<T>,
    QStashSendContext,
    IOutgoingMessage
    where T : class
{
    readonly QStashCallbackSettings? _callbackOfBus;
    readonly QStashCallbackSettings? _failureCallbackOfBus;

    public QStashMessageSendContext(T message, QStashDeliverySettings delivery, CancellationToken cancellationToken)
        : base(message, cancellationToken)
    {
        Delivery = new QStashSendSettings(delivery);
        // The settings are copies of this send's own. So comparing references tells later whether they are still those of the bus.
        (_callbackOfBus, _failureCallbackOfBus) = (Delivery.Callback, Delivery.FailureCallback);
    }

    /// <summary>The topics to publish to; without a directory these are URL groups. Empty for a send to a URL.</summary>
    public IReadOnlyList<string> UrlGroups { get; set; } = [];

    /// <summary>The URL to send to; null for a message to URL groups.</summary>
    public Uri? Url { get; init; }

    // MassTransit sets the address under which it caches the endpoint, which may be a name. Filters and observers see the URL that the name
    // leads to.
    Uri? SendContext.DestinationAddress
    {
        get => DestinationAddress;
        set => DestinationAddress = value is { IsAbsoluteUri: true, Scheme: KnownAddresses.QueueScheme } ? Url ?? value : value;
    }

    public QStashSendSettings Delivery { get; private set; }

    public override TimeSpan? Delay
    {
        get => Delivery.Delay;
        set => Delivery.Delay = value;
    }

    /// <summary>The id that replaces the MessageId for the deduplication, or null.</summary>
    public string? OwnDeduplicationId =>
        Delivery.DeduplicationId
            ?? (Delivery.Deduplication == QStashDeduplication.Content ? Wire.DeduplicationId.OfContent(Message) : null);

    /// <summary>
    /// Identifies the consumed message whose consumer sends this one, for the deduplication id; null outside of consumers.
    /// </summary>
    public string? Cause { get; set; }

    public IReadOnlyList<QStashReceipt> Receipts { get; set; } = [];
    public string? PartitionKey { get; set; }
    public OrderedQueues OrderedQueues { get; set; } = OrderedQueues.Default;

    /// <summary>
    /// The FIFO queue to send through, or null. A delayed message, such as a redelivery, goes through no queue: it has left the order, and
    /// QStash does not document whether queues respect delays.
    /// </summary>
    public string? FifoQueue => Delivery.FifoQueue
        ?? (string.IsNullOrEmpty(PartitionKey) || Delay > TimeSpan.Zero || Delivery.NotBefore is not null ? null
            : OrderedQueues.NameFor(PartitionKey));

    public Recurrence? Recurrence { get; set; }

    public void RemoveCallbacksOfBus()
    {
        if (ReferenceEquals(Delivery.Callback, _callbackOfBus))
            Delivery.Callback = null;

        if (ReferenceEquals(Delivery.FailureCallback, _failureCallbackOfBus))
            Delivery.FailureCallback = null;
    }

    public override void WritePropertiesTo(IDictionary<string, object> properties)
    {
        // An outbox reads the body again before it sends it. So the check is made now, when the sender gets the exception and nothing is
        // stored yet.
        if (Delivery.PlainJson && Serialization?.TryGetMessageDeserializer(ContentType, out _) == false)
            throw new ConfigurationException("Plain JSON cannot go through an outbox on a bus that does not read it: call "
                + "cfg.UseRawJsonDeserializer() on the bus.");

        base.WritePropertiesTo(properties);

        new StoredSend
        {
            Delivery = Delivery,
            UrlGroups = UrlGroups,
            Deduplication = Delivery.Deduplication == QStashDeduplication.MessageId ? null : Delivery.Deduplication.ToString(),
            // The id is computed now, because an outbox replays the message without its content.
            DeduplicationId = OwnDeduplicationId,
            Cause = Cause,
            FifoQueue = FifoQueue,
            PlainJson = Delivery.PlainJson,
            PartitionKey = string.IsNullOrEmpty(PartitionKey) ? null : PartitionKey,
            TokenId = ScheduledMessageId,
            NotBefore = Delivery.NotBefore,
            ScheduleId = Recurrence?.ScheduleId,
            Cron = Recurrence?.Cron,
            StartTime = Recurrence?.StartTime,
            EndTime = Recurrence?.EndTime,
        }.WriteTo(properties);
    }

    public override void ReadPropertiesFrom(IReadOnlyDictionary<string, object> properties)
    {
        base.ReadPropertiesFrom(properties);

        var stored = StoredSend.ReadFrom(properties);

        Delivery = new QStashSendSettings(stored.Delivery ?? Delivery)
        {
            Deduplication = Enum.TryParse(stored.Deduplication, out QStashDeduplication deduplication) ? deduplication : default,
            DeduplicationId = stored.DeduplicationId,
            FifoQueue = stored.FifoQueue,
            PlainJson = stored.PlainJson,
            NotBefore = stored.NotBefore,
        };
        UrlGroups = stored.UrlGroups.Count > 0 ? stored.UrlGroups : UrlGroups;
        Cause = stored.Cause;
        PartitionKey = stored.PartitionKey;
        ScheduledMessageId = stored.TokenId;

        if (stored.ScheduleId is not null)
            Recurrence = new Recurrence(stored.ScheduleId, stored.Cron!) { StartTime = stored.StartTime, EndTime = stored.EndTime };
    }
}

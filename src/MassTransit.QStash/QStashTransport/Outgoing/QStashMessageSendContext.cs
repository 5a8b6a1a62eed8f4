using MassTransit.Context;
using MassTransit.QStashTransport.Addresses;
using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit.QStashTransport.Outgoing;

/// <summary>
/// What is known of a message on its way out. All of it that a message type or a sender can decide is written to the properties,
/// because an outbox replays a message without its type.
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
        // Copies that nobody else has, by which they are known for as long as nobody sets others.
        (_callbackOfBus, _failureCallbackOfBus) = (Delivery.Callback, Delivery.FailureCallback);
    }

    /// <summary>The topics to publish to, which are URL groups unless there is a directory; empty for a send to a URL.</summary>
    public IReadOnlyList<string> UrlGroups { get; set; } = [];

    /// <summary>The URL to send to; null for what goes to URL groups.</summary>
    public Uri? Url { get; init; }

    // MassTransit sets the address that it keeps its endpoints by, which may be a name. Whoever looks at the message is told where
    // that leads.
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

    /// <summary>What names the message in place of its MessageId, or null.</summary>
    public string? OwnDeduplicationId =>
        Delivery.DeduplicationId
            ?? (Delivery.Deduplication == QStashDeduplication.Content ? Wire.DeduplicationId.OfContent(Message) : null);

    /// <summary>What made a consumer send it, for the deduplication id; null outside of consumers.</summary>
    public string? Cause { get; set; }

    public IReadOnlyList<QStashReceipt> Receipts { get; set; } = [];
    public string? PartitionKey { get; set; }
    public OrderedQueues OrderedQueues { get; set; } = OrderedQueues.Default;

    /// <summary>
    /// The FIFO queue to send through, or null. What is delayed on purpose, such as a redelivery, has left the order; whether queues
    /// keep delays is not documented.
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
        // An outbox reads a body again before it sends it; now there is somebody to tell, and nothing is stored yet.
        if (Delivery.PlainJson && Serialization?.TryGetMessageDeserializer(ContentType, out _) == false)
            throw new ConfigurationException("Plain JSON cannot go through an outbox on a bus that does not read it: call "
                + "cfg.UseRawJsonDeserializer() on the bus.");

        base.WritePropertiesTo(properties);

        new StoredSend
        {
            Delivery = Delivery,
            UrlGroups = UrlGroups,
            Deduplication = Delivery.Deduplication == QStashDeduplication.MessageId ? null : Delivery.Deduplication.ToString(),
            // The content is gone when an outbox replays.
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

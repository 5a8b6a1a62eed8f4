using MassTransit.Context;
using MassTransit.QStashTransport.Scheduling;
using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit.QStashTransport.Sending;

/// <summary>
/// What is known of a message on its way out. All of it that a message type or a sender can decide is written to the properties,
/// because an outbox replays a message without its type.
/// </summary>
sealed class QStashMessageSendContext<T>(T message, QStashDeliverySettings delivery, CancellationToken cancellationToken) :
    MessageSendContext<T>(message, cancellationToken),
    QStashSendContext,
    IOrderedSendContext,
    IRecurringSendContext
    where T : class
{
    QStashDeduplication _deduplication;

    /// <summary>The topics to publish to, which are URL groups unless there is a directory; empty for a send to a URL.</summary>
    public IReadOnlyList<string> UrlGroups { get; set; } = [];

    /// <summary>The URL to send to; null for what goes to URL groups.</summary>
    public Uri? Url { get; init; }

    // MassTransit sets the address that it keeps its endpoints by, which may be a name. Whoever looks at the message is told where
    // that leads.
    Uri? SendContext.DestinationAddress
    {
        get => DestinationAddress;
        set => DestinationAddress = value is { IsAbsoluteUri: true, Scheme: QStashTransportProvider.QueueScheme } ? Url ?? value : value;
    }

    public QStashDeliverySettings Delivery { get; private set; } = new(delivery);

    public override TimeSpan? Delay
    {
        get => Delivery.Delay;
        set => Delivery.Delay = value;
    }

    public string? DeduplicationId { get; set; }

    public QStashDeduplication Deduplication
    {
        get => _deduplication;
        set
        {
            _deduplication = value;
            DeduplicationId = null;
        }
    }

    /// <summary>What names the message in place of its MessageId, or null.</summary>
    public string? OwnDeduplicationId =>
        DeduplicationId ?? (Deduplication == QStashDeduplication.Content ? Wire.DeduplicationId.OfContent(Message) : null);

    /// <summary>What made a consumer send it, for the deduplication id; null outside of consumers.</summary>
    public string? Cause { get; set; }

    public string? QueueName { get; set; }
    public bool IsPlainJson { get; set; }
    public IReadOnlyList<QStashReceipt> Receipts { get; set; } = [];
    public string? PartitionKey { get; set; }
    public OrderedQueues OrderedQueues { get; set; } = OrderedQueues.Default;

    /// <summary>
    /// The queue to send through, or null. What is delayed on purpose, such as a redelivery, has left the order; whether queues
    /// keep delays is not documented (contract 2.2).
    /// </summary>
    public string? Queue => QueueName ?? (string.IsNullOrEmpty(PartitionKey) || Delay > TimeSpan.Zero || NotBefore is not null ? null : OrderedQueues.NameFor(PartitionKey));

    public DateTimeOffset? NotBefore { get; set; }
    public Recurrence? Recurrence { get; set; }

    public override void WritePropertiesTo(IDictionary<string, object> properties)
    {
        // An outbox reads a body again before it sends it; now there is somebody to tell, and nothing is stored yet.
        if (IsPlainJson && Serialization?.TryGetMessageDeserializer(ContentType, out _) == false)
            throw new ConfigurationException("Plain JSON cannot go through an outbox on a bus that does not read it: call cfg.UseRawJsonDeserializer() on the bus.");

        base.WritePropertiesTo(properties);

        new StoredSend
        {
            Delivery = Delivery,
            UrlGroups = UrlGroups,
            Deduplication = Deduplication == QStashDeduplication.MessageId ? null : Deduplication.ToString(),
            // The content is gone when an outbox replays.
            DeduplicationId = OwnDeduplicationId,
            Cause = Cause,
            QueueName = Queue,
            IsPlainJson = IsPlainJson,
            PartitionKey = string.IsNullOrEmpty(PartitionKey) ? null : PartitionKey,
            TokenId = ScheduledMessageId,
            NotBefore = NotBefore,
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

        Delivery = stored.Delivery ?? Delivery;
        UrlGroups = stored.UrlGroups.Count > 0 ? stored.UrlGroups : UrlGroups;
        Deduplication = Enum.TryParse(stored.Deduplication, out QStashDeduplication deduplication) ? deduplication : default;
        DeduplicationId = stored.DeduplicationId;
        Cause = stored.Cause;
        QueueName = stored.QueueName;
        IsPlainJson = stored.IsPlainJson;
        PartitionKey = stored.PartitionKey;
        ScheduledMessageId = stored.TokenId;
        NotBefore = stored.NotBefore;

        if (stored.ScheduleId is not null)
            Recurrence = new Recurrence(stored.ScheduleId, stored.Cron!) { StartTime = stored.StartTime, EndTime = stored.EndTime };
    }
}

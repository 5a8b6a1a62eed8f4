using System.Globalization;
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
    const string UrlGroupsProperty = "QStash-UrlGroups";
    const string DeliveryProperty = "QStash-Delivery";
    const string DeduplicationIdProperty = "QStash-DeduplicationId";
    const string DeduplicationProperty = "QStash-Deduplication";
    const string QueueNameProperty = "QStash-QueueName";
    const string PlainJsonProperty = "QStash-PlainJson";
    const string PartitionKeyProperty = "QStash-PartitionKey";
    const string NotBeforeProperty = "QStash-NotBefore";
    const string TokenIdProperty = "QStash-TokenId";
    const string ScheduleIdProperty = "QStash-ScheduleId";
    const string CronProperty = "QStash-Cron";
    const string StartTimeProperty = "QStash-StartTime";
    const string EndTimeProperty = "QStash-EndTime";
    const string CauseProperty = "QStash-Cause";

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

        properties[DeliveryProperty] = DeliveryProperties.Write(Delivery);

        if (UrlGroups.Count > 0)
            properties[UrlGroupsProperty] = string.Join(';', UrlGroups);
        if (Deduplication != QStashDeduplication.MessageId)
            properties[DeduplicationProperty] = Deduplication.ToString();
        // The content is gone when an outbox replays.
        if (OwnDeduplicationId is { } deduplicationId)
            properties[DeduplicationIdProperty] = deduplicationId;
        if (Cause is not null)
            properties[CauseProperty] = Cause;
        if (Queue is not null)
            properties[QueueNameProperty] = Queue;
        if (IsPlainJson)
            properties[PlainJsonProperty] = true;
        if (!string.IsNullOrEmpty(PartitionKey))
            properties[PartitionKeyProperty] = PartitionKey;
        if (ScheduledMessageId is { } tokenId)
            properties[TokenIdProperty] = tokenId.ToString();

        WriteTime(properties, NotBeforeProperty, NotBefore);

        if (Recurrence is not null)
        {
            properties[ScheduleIdProperty] = Recurrence.ScheduleId;
            properties[CronProperty] = Recurrence.Cron;
            WriteTime(properties, StartTimeProperty, Recurrence.StartTime);
            WriteTime(properties, EndTimeProperty, Recurrence.EndTime);
        }
    }

    public override void ReadPropertiesFrom(IReadOnlyDictionary<string, object> properties)
    {
        base.ReadPropertiesFrom(properties);

        // Settings that the outbox of an earlier version did not write stay as the bus has them.
        if (ReadString(properties, DeliveryProperty) is { } settings)
            Delivery = DeliveryProperties.Read<QStashDeliverySettings>(settings) ?? new();
        if (properties.ContainsKey(UrlGroupsProperty))
            UrlGroups = ReadStringArray(properties, UrlGroupsProperty);

        Deduplication = ReadEnum<QStashDeduplication>(properties, DeduplicationProperty) ?? default;
        DeduplicationId = ReadString(properties, DeduplicationIdProperty);
        Cause = ReadString(properties, CauseProperty);
        QueueName = ReadString(properties, QueueNameProperty);
        IsPlainJson = ReadBoolean(properties, PlainJsonProperty);
        PartitionKey = ReadString(properties, PartitionKeyProperty);
        ScheduledMessageId = Guid.TryParse(ReadString(properties, TokenIdProperty), out var tokenId) ? tokenId : null;
        NotBefore = ReadTime(properties, NotBeforeProperty);

        if (ReadString(properties, ScheduleIdProperty) is { } scheduleId)
        {
            Recurrence = new Recurrence(scheduleId, ReadString(properties, CronProperty))
            {
                StartTime = ReadTime(properties, StartTimeProperty),
                EndTime = ReadTime(properties, EndTimeProperty),
            };
        }
    }

    static void WriteTime(IDictionary<string, object> properties, string key, DateTimeOffset? time)
    {
        if (time is not null)
            properties[key] = time.Value.ToString("O", CultureInfo.InvariantCulture);
    }

    static DateTimeOffset? ReadTime(IReadOnlyDictionary<string, object> properties, string key) =>
        ReadString(properties, key) is { } text ? DateTimeOffset.ParseExact(text, "O", CultureInfo.InvariantCulture) : null;
}

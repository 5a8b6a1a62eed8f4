using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using QStash.Client;

namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// The properties of a send that an outbox stores besides its body: all settings of the message type and the sender, because an outbox
/// sends a message again without its type.
/// </summary>
sealed record StoredSend
{
    // Increase it when an earlier version of the package would send a stored message incorrectly.
    const int Version = 1;

    const string VersionProperty = "QStash-Version";
    const string UrlGroupsProperty = "QStash-UrlGroups";
    const string DeliveryProperty = "QStash-Delivery";
    const string DeduplicationIdProperty = "QStash-DeduplicationId";
    const string DeduplicationProperty = "QStash-Deduplication";
    const string FifoQueueProperty = "QStash-FifoQueue";
    const string PlainJsonProperty = "QStash-PlainJson";
    const string PartitionKeyProperty = "QStash-PartitionKey";
    const string NotBeforeProperty = "QStash-NotBefore";
    const string TokenIdProperty = "QStash-TokenId";
    const string ScheduleIdProperty = "QStash-ScheduleId";
    const string CronProperty = "QStash-Cron";
    const string StartTimeProperty = "QStash-StartTime";
    const string EndTimeProperty = "QStash-EndTime";
    const string CauseProperty = "QStash-Cause";

    static readonly JsonSerializerOptions Options = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // Fills the collections that the settings already have, one of which ignores case.
        PreferredObjectCreationHandling = JsonObjectCreationHandling.Populate,
        Converters = { new MethodConverter(), new RetryDelayConverter() },
    };

    /// <summary>Null if nothing is stored: then the settings of the bus apply.</summary>
    public QStashMessageSettings? Delivery { get; init; }

    public IReadOnlyList<string> UrlGroups { get; init; } = [];

    /// <summary>How a copy of the message is recognised, if not by its MessageId.</summary>
    public string? Deduplication { get; init; }

    public string? DeduplicationId { get; init; }

    public string? Cause { get; init; }

    public string? FifoQueue { get; init; }

    public bool PlainJson { get; init; }

    public string? PartitionKey { get; init; }

    public Guid? TokenId { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>The schedule that the send becomes; null for a message that is sent once.</summary>
    public string? ScheduleId { get; init; }

    public string? Cron { get; init; }

    public DateTimeOffset? StartTime { get; init; }

    public DateTimeOffset? EndTime { get; init; }

    /// <summary>The delivery settings as one text.</summary>
    public static string Write(QStashMessageSettings delivery) => JsonSerializer.Serialize(delivery, Options);

    public void WriteTo(IDictionary<string, object> properties)
    {
        properties[VersionProperty] = Version.ToString(CultureInfo.InvariantCulture);
        Set(DeliveryProperty, Delivery is null ? null : Write(Delivery));
        Set(UrlGroupsProperty, UrlGroups.Count > 0 ? string.Join(';', UrlGroups) : null);
        Set(DeduplicationProperty, Deduplication);
        Set(DeduplicationIdProperty, DeduplicationId);
        Set(CauseProperty, Cause);
        Set(FifoQueueProperty, FifoQueue);
        Set(PlainJsonProperty, PlainJson ? true : null);
        Set(PartitionKeyProperty, PartitionKey);
        Set(TokenIdProperty, TokenId?.ToString());
        Set(NotBeforeProperty, Text(NotBefore));
        Set(ScheduleIdProperty, ScheduleId);
        Set(CronProperty, Cron);
        Set(StartTimeProperty, Text(StartTime));
        Set(EndTimeProperty, Text(EndTime));

        void Set(string name, object? value)
        {
            if (value is not null)
                properties[name] = value;
        }
    }

    /// <exception cref="NotSupportedException">A later version of the package stored the message.</exception>
    public static StoredSend ReadFrom(IReadOnlyDictionary<string, object> properties)
    {
        if (int.TryParse(Read(VersionProperty), NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > Version)
        {
            throw new NotSupportedException($"The outbox holds a message in form {version}, and this version of MassTransit.QStash "
                + $"reads forms up to {Version}. Let the version that stored the message send it.");
        }

        return new StoredSend
        {
            Delivery = Read(DeliveryProperty) is { } delivery ? JsonSerializer.Deserialize<QStashMessageSettings>(delivery, Options)
                ?? new() : null,
            UrlGroups = Read(UrlGroupsProperty)?.Split(';') ?? [],
            Deduplication = Read(DeduplicationProperty),
            DeduplicationId = Read(DeduplicationIdProperty),
            Cause = Read(CauseProperty),
            FifoQueue = Read(FifoQueueProperty),
            PlainJson = Read(PlainJsonProperty) is { } plain && bool.Parse(plain),
            PartitionKey = Read(PartitionKeyProperty),
            TokenId = Guid.TryParse(Read(TokenIdProperty), out var tokenId) ? tokenId : null,
            NotBefore = Time(NotBeforeProperty),
            ScheduleId = Read(ScheduleIdProperty),
            Cron = Read(CronProperty),
            StartTime = Time(StartTimeProperty),
            EndTime = Time(EndTimeProperty),
        };

        // A store may return bytes, or its own type for a JSON value.
        string? Read(string name) => properties.GetValueOrDefault(name) switch
        {
            null => null,
            byte[] bytes => Encoding.UTF8.GetString(bytes),
            var value => value.ToString(),
        };

        DateTimeOffset? Time(string name) =>
            Read(name) is { } text ? DateTimeOffset.ParseExact(text, "O", CultureInfo.InvariantCulture) : null;
    }

    static string? Text(DateTimeOffset? time) => time?.ToString("O", CultureInfo.InvariantCulture);

    sealed class RetryDelayConverter : JsonConverter<QStashRetryDelay>
    {
        public override QStashRetryDelay Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            QStashRetryDelay.Expression(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, QStashRetryDelay value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }

    sealed class MethodConverter : JsonConverter<HttpMethod>
    {
        public override HttpMethod Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, HttpMethod value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Method);
    }
}

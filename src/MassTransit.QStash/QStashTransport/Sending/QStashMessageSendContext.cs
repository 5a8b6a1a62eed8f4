using System.Globalization;
using MassTransit.Context;
using MassTransit.QStashTransport.Scheduling;

namespace MassTransit.QStashTransport.Sending;

sealed class QStashMessageSendContext<T>(T message, CancellationToken cancellationToken) :
    MessageSendContext<T>(message, cancellationToken),
    IScheduledSendContext
    where T : class
{
    const string UrlGroupsProperty = "QStash-UrlGroups";
    const string NotBeforeProperty = "QStash-NotBefore";
    const string TokenIdProperty = "QStash-TokenId";
    const string ScheduleIdProperty = "QStash-ScheduleId";
    const string CronProperty = "QStash-Cron";
    const string StartTimeProperty = "QStash-StartTime";
    const string EndTimeProperty = "QStash-EndTime";

    /// <summary>The URL groups to publish to; empty for a send to a URL.</summary>
    /// <remarks>
    /// Kept in the properties because an outbox replays a message without its type, from which they were worked out.
    /// </remarks>
    public IReadOnlyList<string> UrlGroups { get; set; } = [];

    public DateTimeOffset? NotBefore { get; set; }

    public Recurrence? Recurrence { get; set; }

    public override void WritePropertiesTo(IDictionary<string, object> properties)
    {
        base.WritePropertiesTo(properties);

        if (UrlGroups.Count > 0)
            properties[UrlGroupsProperty] = string.Join(';', UrlGroups);

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

        if (properties.ContainsKey(UrlGroupsProperty))
            UrlGroups = ReadStringArray(properties, UrlGroupsProperty);

        if (Guid.TryParse(ReadString(properties, TokenIdProperty), out var tokenId))
            ScheduledMessageId = tokenId;

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

using System.Globalization;

namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// Facts about a message that this transport has to trust. They are in the headers of MassTransit's envelope, which is the body, and the
/// body is signed. The HTTP headers are not signed.
/// </summary>
/// <remarks>MassTransit copies headers that begin with "MT-" only when a message itself is forwarded, as by Forward.</remarks>
static class EnvelopeFacts
{
    const string Prefix = "MT-QStash-";

    const string Hop = Prefix + "Hop";
    const string ScheduleId = Prefix + "ScheduleId";
    const string Owner = Prefix + "ScheduleOwner";
    const string StartTime = Prefix + "ScheduleStart";
    const string EndTime = Prefix + "ScheduleEnd";

    public static bool IsFact(string header) => header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>How often the message was forwarded under its id.</summary>
    public static int ReadHop(Headers? headers) =>
        int.TryParse(Read(headers, Hop), NumberStyles.None, CultureInfo.InvariantCulture, out var hop) ? hop : 0;

    public static void WriteHop(SendHeaders headers, int hop) => headers.Set(Hop, hop.ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes which schedule makes the message, or that no schedule does.</summary>
    public static void WriteSchedule(SendHeaders headers, MessageSchedule? schedule)
    {
        if (schedule is not null)
        {
            headers.Set(ScheduleId, schedule.Id);
            headers.Set(Owner, schedule.Owner);
            headers.Set(StartTime, Text(schedule.StartTime));
            headers.Set(EndTime, Text(schedule.EndTime));
        }
        // This header was copied from a message of a schedule. It is emptied and not removed, because a forwarded envelope keeps headers
        // that are not replaced.
        else if (headers.TryGetHeader(ScheduleId, out _))
            headers.Set(ScheduleId, "");
    }

    /// <summary>The schedule that made the message, or null.</summary>
    public static MessageSchedule? ReadSchedule(Headers? headers) => Read(headers, ScheduleId) is { Length: > 0 } id
        ? new MessageSchedule(id, Read(headers, Owner) ?? "", ReadTime(headers, StartTime), ReadTime(headers, EndTime))
        : null;

    static string? Text(DateTimeOffset? time) => time?.ToString("O", CultureInfo.InvariantCulture);

    static string? Read(Headers? headers, string name) =>
        headers is not null && headers.TryGetHeader(name, out var value) ? value?.ToString() : null;

    static DateTimeOffset? ReadTime(Headers? headers, string name) =>
        DateTimeOffset.TryParseExact(Read(headers, name), "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time
            : null;
}

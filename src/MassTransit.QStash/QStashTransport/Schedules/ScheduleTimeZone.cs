namespace MassTransit.QStashTransport.Schedules;

/// <summary>
/// The time zone of a schedule. QStash's default is UTC.
/// </summary>
static class ScheduleTimeZone
{
    /// <summary>
    /// The IANA name of the time zone, which QStash needs; null for UTC.
    /// </summary>
    /// <param name="timeZoneId">An IANA or a Windows name, or nothing for UTC.</param>
    /// <exception cref="FormatException">There is no such time zone.</exception>
    public static string? Normalize(string? timeZoneId)
    {
        if (string.IsNullOrWhiteSpace(timeZoneId))
            return null;

        // .NET accepts both kinds of names on every system, and on some also a POSIX rule or a file name, which have no IANA name.
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(timeZoneId, out var zone) || IanaId(zone) is not { } id)
            throw new FormatException($"'{timeZoneId}' is not a time zone. Use its IANA name, such as Europe/Berlin");

        return id is "UTC" or "Etc/UTC" ? null : id;
    }

    static string? IanaId(TimeZoneInfo zone)
    {
        if (zone.HasIanaId)
            return zone.Id;

        return TimeZoneInfo.TryConvertWindowsIdToIanaId(zone.Id, out var id) ? id : null;
    }
}

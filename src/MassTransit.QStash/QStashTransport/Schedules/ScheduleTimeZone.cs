namespace MassTransit.QStashTransport.Schedules;

/// <summary>
/// The time zone of a schedule. Without one QStash takes UTC.
/// </summary>
static class ScheduleTimeZone
{
    /// <summary>
    /// The name QStash knows, which is the IANA one; null for UTC.
    /// </summary>
    /// <param name="timeZoneId">An IANA or a Windows name, or nothing for UTC.</param>
    /// <exception cref="FormatException">No such zone.</exception>
    public static string? Normalize(string? timeZoneId)
    {
        if (string.IsNullOrWhiteSpace(timeZoneId))
            return null;

        // .NET takes both kinds of name on every system, and a POSIX rule or a file name on some.
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

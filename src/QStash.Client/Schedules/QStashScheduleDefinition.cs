namespace QStash.Client;

/// <summary>
/// A schedule to create. With an existing <see cref="ScheduleId"/> it replaces that schedule completely: settings that are not set here are
/// lost.
/// </summary>
public sealed class QStashScheduleDefinition : QStashMessageSettings
{
    /// <summary>Creates a schedule with QStash's defaults for the delivery.</summary>
    public QStashScheduleDefinition()
    {
    }

    /// <summary>Creates a schedule with a copy of these settings.</summary>
    public QStashScheduleDefinition(QStashDeliverySettings settings)
        : base(settings)
    {
    }

    /// <summary>Absolute URL or URL group name, with the rules of <see cref="QStashMessage.Destination"/>.</summary>
    public required string Destination { get; set; }

    /// <summary>
    /// Five field cron expression, in UTC unless it starts with <c>CRON_TZ=Area/City </c>. Resolution one minute.
    /// </summary>
    public required string Cron { get; set; }

    /// <summary>
    /// Your own id: letters, digits, <c>.</c>, <c>_</c>, <c>-</c>. Default: QStash makes one. With your own id the creation can be retried
    /// safely.
    /// </summary>
    public string? ScheduleId { get; set; }

    /// <summary>Queue the created messages go through.</summary>
    public string? Queue { get; set; }

    /// <summary>The bytes to deliver.</summary>
    public ReadOnlyMemory<byte> Body { get; set; }

    /// <summary>Media type of <see cref="Body"/>. Default: none.</summary>
    public string? ContentType { get; set; }
}

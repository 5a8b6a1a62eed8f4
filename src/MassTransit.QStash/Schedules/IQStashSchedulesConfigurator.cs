namespace MassTransit;

/// <summary>
/// Declares schedules. When the bus starts, it reads the schedules of QStash and writes only those that differ; a paused schedule stays
/// paused.
/// </summary>
/// <remarks>
/// <see cref="IQStashHostConfigurator.ServiceName"/> marks the schedules of this service. It is also the group name for pausing one through
/// <see cref="IRecurringMessageScheduler"/>. With <c>DeployTopology</c> off, nothing is read or written.
/// </remarks>
public interface IQStashSchedulesConfigurator
{
    /// <summary>
    /// At the start of the bus, removes the schedules that this service declared earlier and no longer declares. Without this call they
    /// continue, and a warning names them.
    /// </summary>
    /// <remarks>
    /// Use it only if one version of the service runs at a time: during a rolling deployment the old version would remove the schedules of
    /// the new one whenever it restarts.
    /// </remarks>
    void RemoveUndeclared();

    /// <summary>Declares a message that recurs. It is published unless it has a destination.</summary>
    /// <param name="id">The name of the schedule, unique within the service.</param>
    /// <param name="cronExpression">
    /// Five fields (minutes, hours, day of month, month, day of week), or the six or seven of Quartz if QStash can express them. Finest
    /// resolution: one minute.
    /// </param>
    /// <param name="timeZone">
    /// An IANA time zone, such as <c>Europe/Berlin</c>, or a Windows one. Default: UTC.
    /// </param>
    /// <param name="configure">Sets the message, its destination and other options.</param>
    /// <typeparam name="T">
    /// The message type. If it is an interface or has a constructor without parameters, an empty message is sent by default.
    /// </typeparam>
    void Cron<T>(string id, string cronExpression, string? timeZone = null, Action<IQStashScheduleConfigurator<T>>? configure = null)
        where T : class;
}

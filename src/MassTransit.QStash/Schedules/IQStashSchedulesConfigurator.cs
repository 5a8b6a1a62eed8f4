namespace MassTransit;

/// <summary>
/// Declares schedules with the bus. When it starts, it reads what QStash has and writes only what differs; a paused schedule
/// stays paused.
/// </summary>
/// <remarks>
/// The service knows its own by <see cref="IQStashHostConfigurator.ServiceName"/>, which is also the group to give when one is to
/// be paused through <see cref="IRecurringMessageScheduler"/>. With <c>DeployTopology</c> off, nothing is read or written.
/// </remarks>
public interface IQStashSchedulesConfigurator
{
    /// <summary>
    /// Removes, at start, the schedules this service declared earlier and does not declare any more. Without it they go on, and
    /// a warning names them.
    /// </summary>
    /// <remarks>
    /// During a rolling deployment the old version would remove, whenever it restarts, what the new one declared: use it where
    /// only one version runs.
    /// </remarks>
    void RemoveUndeclared();

    /// <summary>Declares a message that recurs. It is published unless it has a destination.</summary>
    /// <param name="id">Names the schedule; unique within the service.</param>
    /// <param name="cronExpression">
    /// Five fields (minutes, hours, day of month, month, day of week), or six or seven as Quartz has them, where QStash can keep
    /// to them. Finest resolution: one minute.
    /// </param>
    /// <param name="timeZone">
    /// An IANA time zone, such as <c>Europe/Berlin</c>, or a Windows one. Default: UTC.
    /// </param>
    /// <param name="configure">Sets the message, and more.</param>
    /// <typeparam name="T">
    /// The message type. If it is an interface or has a constructor without parameters, an empty one is sent by default.
    /// </typeparam>
    void Cron<T>(string id, string cronExpression, string? timeZone = null, Action<IQStashScheduleConfigurator<T>>? configure = null)
        where T : class;
}

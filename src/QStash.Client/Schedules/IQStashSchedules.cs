namespace QStash.Client;

/// <summary>Cron schedules. Ids are letters, digits, <c>.</c>, <c>_</c> and <c>-</c>.</summary>
public interface IQStashSchedules
{
    /// <summary>Creates a schedule, or replaces the one with the same id.</summary>
    /// <returns>Id of the schedule.</returns>
    Task<string> CreateAsync(QStashScheduleDefinition schedule, CancellationToken cancellationToken = default);

    /// <summary>Lists all schedules.</summary>
    Task<IReadOnlyList<QStashSchedule>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads one schedule.</summary>
    /// <returns>The schedule, or <see langword="null"/> when there is none with this id.</returns>
    Task<QStashSchedule?> GetAsync(string scheduleId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Deletes a schedule. It is not an error if the schedule does not exist. Messages that it has already created are still delivered.
    /// </summary>
    Task DeleteAsync(string scheduleId, CancellationToken cancellationToken = default);

    /// <summary>Pauses a schedule. Triggers during the pause are skipped and not made up for later.</summary>
    Task PauseAsync(string scheduleId, CancellationToken cancellationToken = default);

    /// <summary>Lets the schedule fire again.</summary>
    Task ResumeAsync(string scheduleId, CancellationToken cancellationToken = default);
}

using MassTransit.QStashTransport.Outgoing;
using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit.QStashTransport.Schedules;

/// <summary>
/// The schedules of recurring messages on QStash. A published message has one schedule for each URL group, whose ids begin with the same
/// id.
/// </summary>
/// <param name="client">The account.</param>
/// <param name="missingUrlGroups">Tells whether a URL group has no subscribers.</param>
/// <param name="hasDirectory">Whether the subscriptions are in a directory.</param>
/// <param name="time">The clock.</param>
sealed class RecurringSchedules(IQStashClient client, MissingUrlGroups missingUrlGroups, bool hasDirectory, TimeProvider time)
    : IRecurringSends
{
    /// <summary>Explains why a recurring message cannot be published when the subscriptions are in a directory.</summary>
    public const string NoDirectory =
        "a recurring message cannot be published with UseDirectory: QStash, which repeats it, would have to look up the subscribers "
            + "each time. "
        + "Send it to an endpoint, which may publish what it gets: ScheduleRecurringSend, or for a declared schedule x.Destination(new "
        + "Uri(\"queue:name\"))";

    // A clock that is five minutes ahead still takes fresh tokens.
    static readonly TimeSpan LargestClockDifference = TimeSpan.FromMinutes(5);

    readonly IQStashSchedules _schedules = client.Schedules;

    public string? WhyNotPublished => hasDirectory ? NoDirectory : null;

    public async Task DeployAsync(Recurrence recurrence, IReadOnlyList<QStashScheduleDefinition> definitions,
        CancellationToken cancellationToken)
    {
        var deployed = (recurrence.Deployed ?? await _schedules.ListAsync(cancellationToken).ConfigureAwait(false))
            .Where(schedule => RecurringScheduleId.IsPartOf(schedule.ScheduleId, recurrence.ScheduleId))
            .ToDictionary(schedule => schedule.ScheduleId);
        var parts = recurrence.Parts;

        // A later version of this service has deployed its own schedules in the meantime.
        if (IsReplaced(parts, deployed.Values))
        {
            LogContext.Info?.Log("Schedule {ScheduleId} was changed by somebody else, and is left as it is", recurrence.ScheduleId);

            parts.Clear();
            return;
        }

        foreach (var definition in definitions)
        {
            var former = deployed.GetValueOrDefault(definition.ScheduleId!);

            parts[definition.Destination] = await DeployAsync(recurrence, definition, former, cancellationToken).ConfigureAwait(false);

            if (parts[definition.Destination] is not null)
                deployed.Remove(definition.ScheduleId!);
        }

        // Old schedules are removed last, so that no message is missed when the destination changes.
        foreach (var schedule in deployed.Values)
            await DeleteAsync(schedule.ScheduleId, cancellationToken).ConfigureAwait(false);

        if (parts.Values.All(label => label is null))
            throw new PublishException($"QStash refuses a schedule for URL groups that do not exist, and nobody subscribes to "
                + $"{string.Join(", ", definitions.Select(x => x.Destination))} yet. Start a subscriber first, or send the message to "
                + "an endpoint: ScheduleRecurringSend, or for a declared schedule x.Destination(new Uri(\"queue:name\")).");
    }

    public Task<IReadOnlyList<QStashSchedule>> ListAsync(CancellationToken cancellationToken) => _schedules.ListAsync(cancellationToken);

    public Task DeleteAsync(string scheduleId, CancellationToken cancellationToken)
    {
        LogContext.Info?.Log("Remove schedule {ScheduleId}", scheduleId);

        return _schedules.DeleteAsync(scheduleId, cancellationToken);
    }

    public async Task CancelAsync(string scheduleId, CancellationToken cancellationToken)
    {
        foreach (var part in await ListAsync(scheduleId, cancellationToken).ConfigureAwait(false))
            await DeleteAsync(part, cancellationToken).ConfigureAwait(false);
    }

    /// <exception cref="ArgumentException">There is no such schedule.</exception>
    public Task PauseAsync(string scheduleId, CancellationToken cancellationToken) =>
        ForEachAsync(scheduleId, _schedules.PauseAsync, cancellationToken);

    /// <inheritdoc cref="PauseAsync"/>
    public Task ResumeAsync(string scheduleId, CancellationToken cancellationToken) =>
        ForEachAsync(scheduleId, _schedules.ResumeAsync, cancellationToken);

    /// <summary>
    /// Whether a message was made between the start and the end of its schedule, which QStash itself does not know. The first message that
    /// was made after the end removes the schedule.
    /// </summary>
    /// <param name="schedule">The schedule, as the body of the message describes it.</param>
    /// <param name="scheduleId">QStash's id of the schedule, from a header that is not signed; null without the header.</param>
    /// <param name="messageId">QStash's id of the message, from a header that is not signed; empty without the header.</param>
    /// <param name="service">The service whose schedules may be removed.</param>
    /// <param name="cancellationToken">Cancels the calls to QStash.</param>
    public async Task<bool> IsWithinAsync(MessageSchedule schedule, string? scheduleId, string messageId, string service,
        CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();

        if (now + LargestClockDifference < schedule.StartTime)
            return false;

        if (!(now - LargestClockDifference < schedule.StartTime) && !(now + LargestClockDifference > schedule.EndTime))
            return true;

        // Near the start and the end the clock of QStash decides, because it made the message. The message may also be late although it was
        // made in time. QStash knows this only while it still has the message.
        var message = messageId.Length == 0 ? null : await client.Messages.GetAsync(messageId, cancellationToken).ConfigureAwait(false);
        var created = message?.CreatedAt;

        if (now > schedule.EndTime && !(created <= schedule.EndTime))
            await RemoveEndedAsync(schedule, scheduleId, service, cancellationToken).ConfigureAwait(false);

        return !((created ?? now) < schedule.StartTime) && !(created > schedule.EndTime);
    }

    // The id in the header may be that of any schedule. And the right schedule may have been replaced by one that continues. So the label
    // of the schedule has to match the signed body.
    async Task RemoveEndedAsync(MessageSchedule schedule, string? scheduleId, string service, CancellationToken cancellationToken)
    {
        if (scheduleId is null || !LegalName.Is(scheduleId) || !RecurringScheduleId.IsPartOf(scheduleId, schedule.Id))
            return;

        if (schedule.Owner != service)
        {
            LogContext.Info?.Log("Schedule {ScheduleId} ended at {EndTime}, but continues. {Service} created it and has to remove it",
                scheduleId, schedule.EndTime, schedule.Owner);

            return;
        }

        if (await _schedules.GetAsync(scheduleId, cancellationToken).ConfigureAwait(false) is { } found
            && found.Labels.Contains(schedule.Label))
            await DeleteAsync(scheduleId, cancellationToken).ConfigureAwait(false);
    }

    async Task ForEachAsync(string scheduleId, Func<string, CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        var parts = await ListAsync(scheduleId, cancellationToken).ConfigureAwait(false);

        if (parts.Length == 0)
            throw new ArgumentException($"QStash has no schedule '{scheduleId}'. Check the schedule's id and group.");

        foreach (var part in parts)
            await action(part, cancellationToken).ConfigureAwait(false);
    }

    async Task<string[]> ListAsync(string scheduleId, CancellationToken cancellationToken) =>
        (await _schedules.ListAsync(cancellationToken).ConfigureAwait(false))
        .Select(schedule => schedule.ScheduleId)
        .Where(candidate => RecurringScheduleId.IsPartOf(candidate, scheduleId))
        .ToArray();

    static bool IsReplaced(OrderedDictionary<string, string?> parts, IEnumerable<QStashSchedule> deployed)
    {
        var there = deployed.ToLookup(schedule => schedule.Destination, StringComparer.Ordinal);
        KeyValuePair<string, string?>[] written = parts.Where(part => part.Value is not null).ToArray();

        return written.Length > 0
            && (!written.Any(part => there.Contains(part.Key))
                || written.Any(part => there[part.Key].Any(schedule => !schedule.Labels.Contains(part.Value!))));
    }

    // Returns the label of the schedule that QStash has; null if the URL group has no subscribers.
    async Task<string?> DeployAsync(Recurrence recurrence, QStashScheduleDefinition definition, QStashSchedule? former,
        CancellationToken cancellationToken)
    {
        if (recurrence.Parts.TryGetValue(definition.Destination, out var label))
        {
            // A schedule that an earlier attempt wrote is not written again, although its message may differ now, for example by a time in
            // it. A schedule that was missing and exists now was written by another process.
            if (label is not null || former is not null)
                return label ?? LabelOf(former!.Labels);
        }

        var isUnchanged = former is not null && recurrence.Deployed is not null && !IsDifferent(former, definition);

        if (!isUnchanged)
        {
            if (!await TryWriteAsync(definition, former?.IsPaused == true, cancellationToken).ConfigureAwait(false))
                return null;

            if (recurrence.Warning is { } warning && recurrence.Parts.Values.All(part => part is null))
                LogContext.Warning?.Log("Schedule {ScheduleId}: {Warning}", recurrence.ScheduleId, warning);
        }

        return LabelOf(definition.Labels);
    }

    static string LabelOf(IEnumerable<string> labels) => labels.FirstOrDefault(ScheduleFingerprint.Is) ?? "";

    /// <summary>Creates or replaces a schedule; returns false if its URL group has no subscribers.</summary>
    async Task<bool> TryWriteAsync(QStashScheduleDefinition definition, bool isPaused, CancellationToken cancellationToken)
    {
        try
        {
            await _schedules.CreateAsync(definition, cancellationToken).ConfigureAwait(false);
        }
        catch (QStashException exception)
        {
            if (!await missingUrlGroups.IsMissingAsync(definition.Destination, exception, cancellationToken).ConfigureAwait(false))
                throw;

            LogContext.Info?.Log("Schedule {ScheduleId} is not created yet, because nobody subscribes to {UrlGroup}: {Cron}",
                definition.ScheduleId, definition.Destination, definition.Cron);

            return false;
        }

        LogContext.Info?.Log(definition.Cron.StartsWith("CRON_TZ=", StringComparison.Ordinal)
            ? "Schedule {ScheduleId} to {Destination}: {Cron}"
            : "Schedule {ScheduleId} to {Destination}: {Cron}, in UTC", definition.ScheduleId, definition.Destination, definition.Cron);

        // Writing a schedule resumes it, so pause it again.
        if (isPaused)
            await _schedules.PauseAsync(definition.ScheduleId!, cancellationToken).ConfigureAwait(false);

        return true;
    }

    /// <summary>Whether a service declared the schedule with its bus.</summary>
    /// <param name="schedule">Any schedule of the account.</param>
    /// <param name="group">The group name of the service's schedules.</param>
    public static bool IsDeclared(QStashSchedule schedule, string group) =>
        RecurringScheduleId.IsInGroup(schedule.ScheduleId, group)
        && schedule.Labels.Any(ScheduleFingerprint.Is);

    // The labels hold a hash of everything else, which QStash may show redacted.
    static bool IsDifferent(QStashSchedule former, QStashScheduleDefinition definition) =>
        former.Cron != definition.Cron
        || former.Destination != definition.Destination
        || definition.Labels.Except(former.Labels).Any();
}

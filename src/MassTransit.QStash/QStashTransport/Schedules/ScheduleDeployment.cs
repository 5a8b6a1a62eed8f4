using MassTransit.QStashTransport.Background;
using MassTransit.QStashTransport.Subscriptions;
using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit.QStashTransport.Schedules;

/// <summary>
/// Deploys the declared schedules to QStash once the bus has started, because only then the URL groups they publish to exist.
/// </summary>
/// <param name="bus">Sends the recurring messages.</param>
/// <param name="declared">The schedules that the code declares.</param>
/// <param name="schedules">The schedules of the account.</param>
/// <param name="urlGroups">The URL groups of the account.</param>
/// <param name="formerPorts">In development, finds what this program left behind at other ports.</param>
/// <param name="group">MassTransit's group name of the schedules; here the mark of the service.</param>
/// <param name="time">The clock.</param>
sealed class ScheduleDeployment(
    IBus bus, DeclaredSchedules declared, RecurringSchedules schedules, IQStashUrlGroups urlGroups, FormerPorts formerPorts, string group,
    TimeProvider time) : IDesiredState
{
    // The destinations of each declared schedule, and the label of its schedule at QStash.
    readonly Dictionary<IScheduleDeclaration, OrderedDictionary<string, string?>> _parts =
        declared.Declarations.ToDictionary(declaration => declaration, _ => new OrderedDictionary<string, string?>(StringComparer.Ordinal));

    readonly List<IScheduleDeclaration> _pending = [.. declared.Declarations];

    bool _isWaitingForSubscribers;
    volatile Standing _standing = new([], []);
    List<QStashSchedule>? _former;
    List<QStashSchedule>? _undeclared;

    public IReadOnlyCollection<string> Problems =>
        [.. _standing.Problems.Select(problem => $"the schedule {problem.Key} is not as declared yet: {problem.Value}")];

    public IReadOnlyCollection<string> Notes =>
        [.. _standing.Waiting.Select(part => $"the schedule {part.Key} goes to {part.Value} too, once somebody subscribes")];

    public async Task<NextLook> ReconcileAsync(CancellationToken cancellationToken)
    {
        // Subscribers may come late or never. Until one comes there is nothing to write.
        if (!_isWaitingForSubscribers || await HasSubscriber(cancellationToken).ConfigureAwait(false))
            Report(await Deploy(cancellationToken).ConfigureAwait(false));

        // Try again if anything is missing: a service may subscribe, or the account may get room for more schedules.
        return _pending.Count > 0 || _undeclared is not { Count: 0 } || _former is not { Count: 0 } ? NextLook.Soon : NextLook.Never;
    }

    // Whether one of the URL groups without a schedule has a subscriber now.
    async Task<bool> HasSubscriber(CancellationToken cancellationToken)
    {
        try
        {
            var groups = await urlGroups.ListAsync(cancellationToken).ConfigureAwait(false);

            return groups.Any(urlGroup =>
                _pending.Any(declaration => MissingParts(declaration).Contains(urlGroup.Name, StringComparer.OrdinalIgnoreCase)));
        }
        catch (QStashException)
        {
            return false;
        }
    }

    IEnumerable<string> MissingParts(IScheduleDeclaration declaration) =>
        _parts[declaration].Where(part => part.Value is null).Select(part => part.Key);

    async Task<Dictionary<string, Exception>> Deploy(CancellationToken cancellationToken)
    {
        var problems = new Dictionary<string, Exception>(StringComparer.Ordinal);
        IReadOnlyList<QStashSchedule> deployed;
        try
        {
            deployed = await schedules.ListAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (QStashException exception)
        {
            _isWaitingForSubscribers = false;
            return _pending.ToDictionary(declaration => declaration.Id, _ => (Exception)exception);
        }

        // Found only in the first attempt, and declarations are deployed only once: during later attempts a newer version may deploy its
        // own schedules.
        _undeclared ??= FindUndeclared(deployed);
        _former ??= await FindFormer(deployed, cancellationToken).ConfigureAwait(false);

        foreach (var declaration in _pending.ToArray())
        {
            if (!await Try(declaration.Id, () => Deploy(declaration, deployed, cancellationToken)).ConfigureAwait(false))
                continue;

            if (!MissingParts(declaration).Any())
                _pending.Remove(declaration);
            else if (_parts[declaration].GetAt(0).Value is null)
                problems[declaration.Id] = new PublishException(DescribeMissing(declaration));
        }

        foreach (var schedule in _undeclared.ToArray())
        {
            if (await Try(schedule.ScheduleId, () => RemoveOrReport(schedule, cancellationToken)).ConfigureAwait(false))
                _undeclared.Remove(schedule);
        }

        // Remove only schedules that this program has replaced.
        foreach (var schedule in _former.ToArray())
        {
            if (!_pending.Any(declaration => problems.ContainsKey(declaration.Id) && IsOfOtherGroup(schedule, declaration))
                && await Try(schedule.ScheduleId, () => schedules.DeleteAsync(schedule.ScheduleId, cancellationToken))
                    .ConfigureAwait(false))
                _former.Remove(schedule);
        }

        _isWaitingForSubscribers = _former.Count == 0 && _undeclared.Count == 0
            && _pending.All(declaration =>
                MissingParts(declaration).Any() && problems.GetValueOrDefault(declaration.Id) is null or PublishException);

        return problems;

        // A failure of one schedule does not keep the others from being deployed.
        async Task<bool> Try(string id, Func<Task> action)
        {
            try
            {
                await action().ConfigureAwait(false);
                return true;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                problems[id] = exception;
                return false;
            }
        }
    }

    string DescribeMissing(IScheduleDeclaration declaration)
    {
        var reached = _parts[declaration].Where(part => part.Value is not null).Select(part => part.Key);

        return $"nobody subscribes yet to {string.Join(", ", MissingParts(declaration))}, and QStash accepts no schedule for a URL group "
            + $"that does not exist. It reaches only {string.Join(", ", reached)}.";
    }

    async Task Deploy(IScheduleDeclaration declaration, IReadOnlyList<QStashSchedule> deployed, CancellationToken cancellationToken)
    {
        var recurrence = declaration.CreateRecurrence(group, time) with { Deployed = deployed, Parts = _parts[declaration] };

        if (recurrence.EndTime <= time.GetUtcNow())
            await schedules.CancelAsync(recurrence.ScheduleId, cancellationToken).ConfigureAwait(false);
        else
            await declaration.Deploy(bus, recurrence, cancellationToken).ConfigureAwait(false);
    }

    List<QStashSchedule> FindUndeclared(IReadOnlyList<QStashSchedule> deployed)
    {
        var ids = declared.Declarations.Select(declaration => declaration.CreateRecurrence(group, time).ScheduleId).ToArray();

        return deployed
            .Where(schedule => RecurringSchedules.IsDeclared(schedule, group)
            && !ids.Any(id => RecurringScheduleId.IsPartOf(schedule.ScheduleId, id)))
            .ToList();
    }

    // If a schedule exists at the present address already, the service did not move, and another process of the program may just be
    // stopped.
    async Task<List<QStashSchedule>> FindFormer(IReadOnlyList<QStashSchedule> deployed, CancellationToken cancellationToken)
    {
        var found = new List<QStashSchedule>();

        foreach (var schedule in deployed)
        {
            if (declared.Declarations.Any(declaration =>
                    IsOfOtherGroup(schedule, declaration) && !deployed.Any(own => IsPart(own, declaration)))
                && await formerPorts.IsFormerAsync(schedule, cancellationToken).ConfigureAwait(false))
                found.Add(schedule);
        }

        return found;
    }

    bool IsPart(QStashSchedule schedule, IScheduleDeclaration declaration) =>
        RecurringScheduleId.IsPartOf(schedule.ScheduleId, RecurringScheduleId.Create(group, declaration.Id));

    bool IsOfOtherGroup(QStashSchedule schedule, IScheduleDeclaration declaration) =>
        RecurringScheduleId.IsOfOtherGroup(schedule.ScheduleId, RecurringScheduleId.Create(group, declaration.Id), group);

    Task RemoveOrReport(QStashSchedule undeclared, CancellationToken cancellationToken)
    {
        if (declared.RemovesUndeclared)
            return schedules.DeleteAsync(undeclared.ScheduleId, cancellationToken);

        LogContext.Warning?.Log("Schedule {ScheduleId} is no longer declared, but continues: {Cron} to {Destination}. "
            + "Declare it again, remove it in the QStash console, or use RemoveUndeclared()", undeclared.ScheduleId, undeclared.Cron,
            undeclared.Destination);

        return Task.CompletedTask;
    }

    // Logs each problem once, and not at each attempt.
    void Report(Dictionary<string, Exception> problems)
    {
        var former = _standing;
        var now = _standing = new(
            problems.ToDictionary(problem => problem.Key, problem => problem.Value.Message),
            _pending.Where(declaration => !problems.ContainsKey(declaration.Id))
                .ToDictionary(declaration => declaration.Id, declaration => string.Join(", ", MissingParts(declaration))));

        foreach (var (id, exception) in problems)
        {
            if (former.Problems.GetValueOrDefault(id) != exception.Message)
                LogContext.Error?.Log(exception, "The schedule {Id} is not as declared yet, and will be tried again", id);
        }

        foreach (var (id, missing) in now.Waiting)
        {
            if (former.Waiting.GetValueOrDefault(id) != missing)
                LogContext.Info?.Log("The schedule {Id} goes to {UrlGroups} too, once somebody subscribes", id, missing);
        }

        if (former.Problems.Count + former.Waiting.Count > 0 && now.Problems.Count + now.Waiting.Count == 0)
            LogContext.Info?.Log("All schedules are as declared now");
    }

    // Problems: by id, why a schedule is not as declared. Waiting: by id, the URL groups without subscribers, which is not an error.
    sealed record Standing(Dictionary<string, string> Problems, Dictionary<string, string> Waiting);
}

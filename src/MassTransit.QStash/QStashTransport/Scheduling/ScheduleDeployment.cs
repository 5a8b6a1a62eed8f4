using System.Diagnostics.CodeAnalysis;
using MassTransit.QStashTransport.Configuration;
using MassTransit.QStashTransport.Wire;
using MassTransit.RetryPolicies;
using QStash.Client;

namespace MassTransit.QStashTransport.Scheduling;

/// <summary>
/// Brings the declared schedules to QStash when the bus has started, so that the URL groups they lead to are there.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A CancellationTokenSource without timer holds nothing to dispose of.")]
sealed class ScheduleDeployment(QStashHostConfiguration hostConfiguration, DeclaredSchedules declared) : BusObserver
{
    readonly Dictionary<IScheduleDeclaration, OrderedDictionary<string, string?>> _parts = [];
    readonly CancellationTokenSource _stopping = new();
    bool _isWaitingForSubscribers;
    List<IScheduleDeclaration> _pending = [];
    List<QStashSchedule>? _undeclared;

    /// <summary>
    /// Waits for the first attempt, so that a bus that only deploys its topology has deployed it when it is started. What fails is
    /// tried again in the background: consumers need no schedule.
    /// </summary>
    public override async Task PostStart(IBus bus, Task<BusReady> busReady)
    {
        if (!hostConfiguration.Settings.DeploysTopology)
            return;

        // A bus that is still starting when the application stops hears of it in no other way.
        hostConfiguration.ApplicationStopping.UnsafeRegister(static stopping => ((CancellationTokenSource)stopping!).Cancel(), _stopping);

        _pending = [.. declared.Declarations];
        foreach (var declaration in _pending)
            _parts[declaration] = new(StringComparer.Ordinal);

        var attempted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        _ = Task.Run(() => DeployUntilDone(bus, attempted));

        await attempted.Task.ConfigureAwait(false);
    }

    public override async Task PreStop(IBus bus) => await _stopping.CancelAsync().ConfigureAwait(false);

    async Task DeployUntilDone(IBus bus, TaskCompletionSource attempted)
    {
        LogContext.Current = hostConfiguration.LogContext;

        try
        {
            await hostConfiguration.ReceiveTransportRetryPolicy.Retry(() => Attempt(bus, attempted), _stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
        finally
        {
            attempted.TrySetResult();
        }
    }

    async Task Attempt(IBus bus, TaskCompletionSource attempted)
    {
        // They may be long in coming, or never come.
        if (!_isWaitingForSubscribers || await HasSubscriber().ConfigureAwait(false))
            Report(await Deploy(bus).ConfigureAwait(false));

        attempted.TrySetResult();

        // What the policy retries, whatever it is: somebody may subscribe, or make room in the account.
        if (_pending.Count > 0 || _undeclared is not { Count: 0 })
            throw new ConnectionException($"Schedules are not as declared yet: {string.Join(", ", declared.Problems.Keys.Union(declared.Waiting.Keys))}");
    }

    // Whether somebody subscribes now to one of the URL groups that parts are missing for.
    async Task<bool> HasSubscriber()
    {
        try
        {
            var groups = await hostConfiguration.Client.UrlGroups.ListAsync(_stopping.Token).ConfigureAwait(false);

            return groups.Any(group =>
                _pending.Any(declaration => MissingParts(declaration).Contains(group.Name, StringComparer.OrdinalIgnoreCase)));
        }
        catch (QStashException)
        {
            return false;
        }
    }

    IEnumerable<string> MissingParts(IScheduleDeclaration declaration) =>
        _parts[declaration].Where(part => part.Value is null).Select(part => part.Key);

    async Task<Dictionary<string, Exception>> Deploy(IBus bus)
    {
        var problems = new Dictionary<string, Exception>(StringComparer.Ordinal);
        var schedules = hostConfiguration.RecurringSchedules;
        IReadOnlyList<QStashSchedule> deployed;

        try
        {
            deployed = await schedules.ListAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (QStashException exception)
        {
            _isWaitingForSubscribers = false;

            return _pending.ToDictionary(declaration => declaration.Id, _ => (Exception)exception);
        }

        // Of the first look only, like the declarations that are done: while this goes on, a later version may deploy its own.
        _undeclared ??= FindUndeclared(deployed);

        foreach (var declaration in _pending.ToArray())
        {
            if (!await Try(declaration.Id, () => Deploy(bus, declaration, deployed)).ConfigureAwait(false))
                continue;

            if (!MissingParts(declaration).Any())
                _pending.Remove(declaration);
            else if (_parts[declaration].GetAt(0).Value is null)
                problems[declaration.Id] = new PublishException($"nobody subscribes yet to {string.Join(", ", MissingParts(declaration))}, and QStash takes no schedule for a URL group that does not exist. It reaches {string.Join(", ", _parts[declaration].Where(part => part.Value is not null).Select(part => part.Key))} alone.");
        }

        foreach (var schedule in _undeclared.ToArray())
        {
            if (await Try(schedule.ScheduleId, () => RemoveOrReport(schedule)).ConfigureAwait(false))
                _undeclared.Remove(schedule);
        }

        _isWaitingForSubscribers = _undeclared.Count == 0
            && _pending.All(declaration =>
                MissingParts(declaration).Any() && problems.GetValueOrDefault(declaration.Id) is null or PublishException);

        return problems;

        // The others are none the worse for a failure.
        async Task<bool> Try(string id, Func<Task> action)
        {
            try
            {
                await action().ConfigureAwait(false);

                return true;
            }
            catch (Exception exception) when (!_stopping.IsCancellationRequested)
            {
                problems[id] = exception;

                return false;
            }
        }
    }

    async Task Deploy(IBus bus, IScheduleDeclaration declaration, IReadOnlyList<QStashSchedule> deployed)
    {
        var recurrence = CreateRecurrence(declaration) with { Deployed = deployed, Parts = _parts[declaration] };

        if (recurrence.EndTime <= hostConfiguration.TimeProvider.GetUtcNow())
            await hostConfiguration.RecurringSchedules.CancelAsync(recurrence.ScheduleId, _stopping.Token).ConfigureAwait(false);
        else
            await declaration.Deploy(bus, recurrence, _stopping.Token).ConfigureAwait(false);
    }

    List<QStashSchedule> FindUndeclared(IReadOnlyList<QStashSchedule> deployed)
    {
        var ids = declared.Declarations.Select(declaration => CreateRecurrence(declaration).ScheduleId).ToArray();

        return deployed
            .Where(schedule => RecurringSchedules.IsDeclared(schedule, declared.Group) && !ids.Any(id => RecurringScheduleId.IsPartOf(schedule.ScheduleId, id)))
            .ToList();
    }

    Recurrence CreateRecurrence(IScheduleDeclaration declaration) => declaration.CreateRecurrence(declared.Group, hostConfiguration);

    Task RemoveOrReport(QStashSchedule undeclared)
    {
        if (declared.RemovesUndeclared)
            return hostConfiguration.RecurringSchedules.DeleteAsync(undeclared.ScheduleId, _stopping.Token);

        LogContext.Warning?.Log("Schedule {ScheduleId} is no longer declared, and goes on: {Cron} to {Destination}. Declare it again, remove it in the QStash console, or use RemoveUndeclared()", undeclared.ScheduleId, undeclared.Cron, undeclared.Destination);

        return Task.CompletedTask;
    }

    // Each problem once, and not at each attempt.
    void Report(Dictionary<string, Exception> problems)
    {
        var (former, waited) = (declared.Problems, declared.Waiting);

        declared.Problems = problems.ToDictionary(problem => problem.Key, problem => problem.Value.Message);
        declared.Waiting = _pending
            .Where(declaration => !problems.ContainsKey(declaration.Id))
            .ToDictionary(declaration => declaration.Id, declaration => string.Join(", ", MissingParts(declaration)));

        foreach (var (id, exception) in problems)
        {
            if (former.GetValueOrDefault(id) != exception.Message)
                LogContext.Error?.Log(exception, "The schedule {Id} is not as declared yet, and will be tried again", id);
        }

        foreach (var (id, urlGroups) in declared.Waiting)
        {
            if (waited.GetValueOrDefault(id) != urlGroups)
                LogContext.Info?.Log("The schedule {Id} goes to {UrlGroups} too, once somebody subscribes", id, urlGroups);
        }

        if (former.Count + waited.Count > 0 && problems.Count + declared.Waiting.Count == 0)
            LogContext.Info?.Log("All schedules are as declared now");
    }
}

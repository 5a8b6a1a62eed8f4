using System.Diagnostics.CodeAnalysis;
using System.Net;
using MassTransit.QStashTransport.Configuration;
using MassTransit.RetryPolicies;
using QStash.Client;

namespace MassTransit.QStashTransport.Scheduling;

/// <summary>
/// Brings the declared schedules to QStash when the bus has started, so that the URL groups they lead to are there.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A CancellationTokenSource without timer holds nothing to dispose of.")]
sealed class ScheduleDeployment(QStashHostConfiguration hostConfiguration, DeclaredSchedules declared) : BusObserver
{
    readonly CancellationTokenSource _stopping = new();

    /// <summary>
    /// Waits for the first attempt, so that a bus that only deploys its topology has deployed it when it is started. If QStash
    /// cannot be reached it goes on in the background: consumers need no schedule.
    /// </summary>
    public override async Task PostStart(IBus bus, Task<BusReady> busReady)
    {
        if (!hostConfiguration.Settings.DeploysTopology)
            return;

        // A bus that is still starting when the application stops hears of it in no other way.
        hostConfiguration.ApplicationStopping.UnsafeRegister(static stopping => ((CancellationTokenSource)stopping!).Cancel(), _stopping);

        var attempted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        _ = Task.Run(() => DeployUntilDone(bus, attempted));

        await attempted.Task.ConfigureAwait(false);
    }

    public override async Task PreStop(IBus bus) => await _stopping.CancelAsync().ConfigureAwait(false);

    async Task DeployUntilDone(IBus bus, TaskCompletionSource attempted)
    {
        LogContext.SetCurrentIfNull(hostConfiguration.LogContext);

        try
        {
            await hostConfiguration.ReceiveTransportRetryPolicy.Retry(() => Attempt(bus, attempted), _stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            LogContext.Error?.Log(exception, "The declared schedules were not deployed");
        }
    }

    async Task Attempt(IBus bus, TaskCompletionSource attempted)
    {
        try
        {
            await Deploy(bus).ConfigureAwait(false);
        }
        catch (QStashException exception) when (IsTransient(exception))
        {
            // What the policy retries.
            throw new ConnectionException($"The declared schedules are not deployed yet: {exception.Message}", exception);
        }
        finally
        {
            attempted.TrySetResult();
        }
    }

    async Task Deploy(IBus bus)
    {
        var schedules = hostConfiguration.RecurringSchedules;
        var group = declared.Group;
        var deployed = await schedules.ListAsync(_stopping.Token).ConfigureAwait(false);
        var ids = new List<string>();

        foreach (var declaration in declared.Declarations)
        {
            var recurrence = declaration.CreateRecurrence(group, hostConfiguration) with { Deployed = deployed };
            ids.Add(recurrence.ScheduleId);

            try
            {
                if (recurrence.EndTime <= hostConfiguration.TimeProvider.GetUtcNow())
                    await schedules.CancelAsync(recurrence.ScheduleId, _stopping.Token).ConfigureAwait(false);
                else
                    await declaration.Deploy(bus, recurrence, _stopping.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not OperationCanceledException && !(exception is QStashException failure && IsTransient(failure)))
            {
                // The others are none the worse for it.
                LogContext.Error?.Log(exception, "The declared schedule {Id} was not deployed", declaration.Id);
            }
        }

        foreach (var schedule in deployed.Where(schedule => RecurringSchedules.IsDeclared(schedule, group) && !ids.Any(id => RecurringScheduleId.IsPartOf(schedule.ScheduleId, id))))
        {
            if (declared.RemovesUndeclared)
                await schedules.DeleteAsync(schedule.ScheduleId, _stopping.Token).ConfigureAwait(false);
            else
                LogContext.Warning?.Log("Schedule {ScheduleId} is no longer declared, and goes on: {Cron} to {Destination}. Declare it again, remove it in the QStash console, or use RemoveUndeclared()", schedule.ScheduleId, schedule.Cron, schedule.Destination);
        }
    }

    static bool IsTransient(QStashException exception) =>
        exception is QStashUnreachableException or QStashRateLimitException || exception.StatusCode >= HttpStatusCode.InternalServerError;
}

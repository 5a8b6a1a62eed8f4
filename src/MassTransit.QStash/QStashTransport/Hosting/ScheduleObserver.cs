using System.Diagnostics.CodeAnalysis;
using MassTransit.QStashTransport.Schedules;

namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// Deploys the declared schedules to QStash when the bus has started.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A CancellationTokenSource without timer holds nothing to dispose of.")]
sealed class ScheduleObserver(QStashHostConfiguration host) : BusObserver
{
    readonly CancellationTokenSource _stopping = new();

    /// <summary>
    /// Waits for the first attempt, so that a bus that only deploys its topology has deployed it when its start ends. A failed attempt is
    /// repeated in the background, because consumers do not need the schedules.
    /// </summary>
    public override async Task PostStart(IBus bus, Task<BusReady> busReady)
    {
        if (!host.Settings.DeploysTopology)
            return;

        var services = host.Services;

        // This is the only way to cancel a bus that is still starting when the application stops.
        services.Endpoints.Life.Stopping.UnsafeRegister(static stopping => ((CancellationTokenSource)stopping!).Cancel(), _stopping);

        LogContext.Current = host.LogContext;
        await services.Reconciler.Start(Create(bus, services), _stopping.Token).FirstAttempt.ConfigureAwait(false);

        // Before the server listened, another process of the program may have removed the schedules, because they looked like those of a
        // program that has gone.
        if (services.FormerPorts.Program is not null && host.DeclaredSchedules.Declarations.Count > 0)
        {
            services.Endpoints.Life.Started.UnsafeRegister(
                _ => services.Reconciler.Start(Create(bus, services), _stopping.Token), null);
        }
    }

    ScheduleDeployment Create(IBus bus, BusServices services) => new(bus, host.DeclaredSchedules, services.Scheduling.Recurring,
        services.Client.UrlGroups, services.FormerPorts, host.ServiceIdentity, services.Scheduling.Time);

    public override async Task PreStop(IBus bus) => await _stopping.CancelAsync().ConfigureAwait(false);
}

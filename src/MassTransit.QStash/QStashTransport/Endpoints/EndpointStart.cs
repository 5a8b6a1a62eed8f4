using MassTransit.QStashTransport.Addresses;
using MassTransit.QStashTransport.Background;
using MassTransit.QStashTransport.Subscriptions;

namespace MassTransit.QStashTransport.Endpoints;

/// <summary>
/// Makes a receive endpoint known to QStash when it starts. A temporary endpoint is removed when it stops.
/// </summary>
sealed class EndpointStart(EndpointServices services, QStashReceiveEndpointContext context, Subscriber subscriber)
{
    Reconciliation _membership = new();

    // A process that only deploys the topology stops before a delivery could come to its temporary endpoints.
    bool Subscribes => subscriber.Topics.Count > 0
        && services.DeploysTopology
        && !(subscriber.IsTemporary && services.DeploysTopologyOnly);

    /// <summary>Returns when the endpoint is in its URL groups. It counts as ready only then.</summary>
    public async Task Run(CancellationToken stopping)
    {
        if (Subscribes)
        {
            _membership = services.Reconciler.Start(
                new UrlGroupMembership(services.Subscriptions, subscriber, services.HasDirectory, context), stopping);
            await _membership.Done.WaitAsync(stopping).ConfigureAwait(false);
            JoinAgainOnceListening(stopping);
        }

        if (services.DeploysTopology && context.FlowControlPins.Count > 0)
        {
            var pins = services.Reconciler.Start(new FlowControlPins(services.FlowControl, context.FlowControlPins), stopping);
            await pins.FirstAttempt.WaitAsync(stopping).ConfigureAwait(false);
        }
    }

    // Before the server listens, another process may have removed the member, because it looked like one of a program that has gone.
    void JoinAgainOnceListening(CancellationToken stopping)
    {
        if (services.Subscriptions.MayBeTakenForFormer && !subscriber.IsTemporary)
        {
            services.Life.Started.UnsafeRegister(_ => services.Reconciler.Start(
                new UrlGroupMembership(services.Subscriptions, subscriber, services.HasDirectory, context), stopping), null);
        }
    }

    /// <summary>Removes a temporary endpoint from its URL groups: no other process will ever have its address.</summary>
    public async Task Undo(CancellationToken cancellationToken)
    {
        if (!subscriber.IsTemporary || !Subscribes)
            return;

        await _membership.End.ConfigureAwait(false);
        try
        {
            await services.Subscriptions.LeaveAsync(subscriber, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            LogContext.Warning?.Log(exception, "The temporary endpoint stays in its URL groups until its lease is over: {InputAddress}",
                context.InputAddress);
        }
    }

    /// <summary>
    /// Warns of a temporary endpoint that QStash may not reach, once something uses it. Each bus has a temporary endpoint, and most buses
    /// never use it.
    /// </summary>
    public async Task WarnOnceUsed(CancellationToken stopping)
    {
        if (!subscriber.IsTemporary)
            return;

        await context.ReceivePipe.Connected.WaitAsync(stopping).ConfigureAwait(false);

        if (services.CannotReceive())
            LogContext.Error?.Log(QStashAddresses.Advise("A consumer or a request client that was connected to the bus"));
        else if (services.Addresses is { LeadToThisProcess: false, LeadToOthers: false })
        {
            LogContext.Warning?.Log("Only this process has {InputAddress}, but the base address may lead to any replica. If there "
                + "are several, set QStash:InstanceBaseAddress to an address that leads to this one; if there is only one, set it to the "
                + "base address",
                context.InputAddress);
        }
    }
}

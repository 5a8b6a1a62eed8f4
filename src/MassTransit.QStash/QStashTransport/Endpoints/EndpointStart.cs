using MassTransit.QStashTransport.Addresses;
using MassTransit.QStashTransport.Background;
using MassTransit.QStashTransport.Subscriptions;

namespace MassTransit.QStashTransport.Endpoints;

/// <summary>
/// Makes a receive endpoint known to QStash when it starts, and forgotten when it stops.
/// </summary>
sealed class EndpointStart(EndpointServices services, QStashReceiveEndpointContext context, Subscriber subscriber)
{
    Reconciliation _membership = new();

    // What only deploys the topology is gone before anything comes.
    bool Subscribes => subscriber.Topics.Count > 0
        && services.DeploysTopology
        && !(subscriber.IsTemporary && services.DeploysTopologyOnly);

    /// <summary>Returns when the endpoint is in its URL groups, which it is to be before it counts as ready.</summary>
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

    // Until then another process may have taken it for one that is no more.
    void JoinAgainOnceListening(CancellationToken stopping)
    {
        if (services.Subscriptions.MayBeTakenForFormer && !subscriber.IsTemporary)
        {
            services.Life.Started.UnsafeRegister(_ => services.Reconciler.Start(
                new UrlGroupMembership(services.Subscriptions, subscriber, services.HasDirectory, context), stopping), null);
        }
    }

    /// <summary>Takes a temporary endpoint out of its URL groups: no other process will ever have its address.</summary>
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
    /// Warns of a temporary endpoint that may not be reached, once something uses it: each bus has one, and most need it never.
    /// </summary>
    public async Task WarnOnceUsed(CancellationToken stopping)
    {
        if (!subscriber.IsTemporary)
            return;

        await context.ReceivePipe.Connected.WaitAsync(stopping).ConfigureAwait(false);

        if (services.CannotReceive())
            LogContext.Error?.Log(QStashAddresses.Advise("What was connected to the bus, such as a consumer or a request client,"));
        else if (services.Addresses is { LeadToThisProcess: false, LeadToOthers: false })
        {
            LogContext.Warning?.Log("Only this process has {InputAddress}, but the base address may lead to any replica. Where there "
                + "are several, set QStash:InstanceBaseAddress to an address that leads to this one; where there is one, set it to the "
                + "base address",
                context.InputAddress);
        }
    }
}

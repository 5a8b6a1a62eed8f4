using MassTransit.QStashTransport.Background;
using MassTransit.QStashTransport.Subscriptions;
using MassTransit.Transports;
using QStash.Client;

namespace MassTransit.QStashTransport.Endpoints;

/// <summary>
/// Keeps a receive endpoint in the URL groups it subscribes to. The membership of a temporary endpoint has a lease, which is renewed. If a
/// process crashes, its members stay behind; a process that starts later removes members whose lease is over.
/// </summary>
sealed class UrlGroupMembership(SubscriptionStore subscriptions, Subscriber subscriber, bool hasDirectory,
    QStashReceiveEndpointContext context) : IDesiredState
{
    bool _hasJoined;
    volatile string[] _problems = [];

    public IReadOnlyCollection<string> Problems => _problems;

    public IReadOnlyCollection<string> Notes => [];

    public async Task<NextLook> ReconcileAsync(CancellationToken cancellationToken)
    {
        try
        {
            await subscriptions.JoinAsync(subscriber, cancellationToken).ConfigureAwait(false);
            (_hasJoined, _problems) = (true, []);

            return subscriber.IsTemporary ? NextLook.In(SubscriptionStore.RenewalPeriod) : NextLook.Never;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            _problems = [$"the receive endpoint {subscriber.EndpointName} is not in all of its URL groups: {exception.Message}"];
            await Report(exception).ConfigureAwait(false);

            return NextLook.Soon;
        }
    }

    async Task Report(Exception exception)
    {
        if (_hasJoined)
        {
            LogContext.Warning?.Log(exception, "The temporary endpoint could not renew its membership of URL groups: {InputAddress}",
                context.InputAddress);
            return;
        }

        var cure = exception is QStashQuotaException && !hasDirectory ? " (with cfg.Host(h => h.UseDirectory()) one URL group is "
            + "enough for all)" : "";
        var faulted = new JoiningException(
            $"Joining the URL groups of {context.InputAddress} failed{cure}: {exception.Message}", exception);
        LogContext.Warning?.Log(exception, "It will be tried again: {Message}", faulted.Message);
        await context.TransportObservers.NotifyFaulted(context.InputAddress, faulted).ConfigureAwait(false);
    }
}

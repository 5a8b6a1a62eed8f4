using MassTransit.QStashTransport.Incoming;
using MassTransit.QStashTransport.Subscriptions;
using MassTransit.Transports;
using Microsoft.AspNetCore.Http;

namespace MassTransit.QStashTransport.Endpoints;

/// <summary>
/// Starts and stops the receiver of one endpoint, and passes deliveries from HTTP to it.
/// </summary>
sealed class QStashReceiveTransport(EndpointServices services, QStashReceiveEndpointContext context, Subscriber subscriber) :
    IReceiveTransport,
    IDeliveryTarget
{
    /// <summary>
    /// How long a delivery waits for an endpoint that a kill switch stopped. By default a kill switch stops it for one minute. Deliveries
    /// must not wait for ever, because the plan limits how many are open at the same time, over all services of the account.
    /// </summary>
    static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);

    volatile QStashReceiver? _receiver;

    public Uri InputAddress => context.InputAddress;

    public string EndpointName => subscriber.EndpointName;

    public Subscriber Subscriber => subscriber;

    public bool IsBusEndpoint => context.IsBusEndpoint;

    public ISerialization Serialization => context.Serialization;

    public bool HasStarted => _receiver is not null;

    public ReceiveTransportHandle Start()
    {
        var stopped = _receiver;
        var receiver = new QStashReceiver(services, context, subscriber);
        _receiver = receiver;
        stopped?.Successor.TrySetResult(receiver);

        return receiver;
    }

    /// <summary>Tells the endpoint that it is about to be stopped and will not be restarted.</summary>
    public void Close() => _receiver?.Successor.TrySetResult(null);

    public async ValueTask<DeliveryResult> Deliver(QStashDelivery delivery, HttpContext http)
    {
        var requestAborted = http.RequestAborted;
        var receiver = _receiver;

        while (receiver is not null)
        {
            var result = await receiver.Deliver(delivery, http, requestAborted).ConfigureAwait(false);
            if (result.Outcome != DeliveryOutcome.NotReady || !receiver.IsStopping)
                return result;

            receiver = await WaitForSuccessor(receiver, requestAborted).ConfigureAwait(false);
        }

        return requestAborted.IsCancellationRequested ? DeliveryOutcome.Canceled : DeliveryOutcome.NotReady;
    }

    public void Probe(ProbeContext probe)
    {
        var scope = probe.CreateScope("receiveTransport");
        scope.Add("type", "QStash");
        scope.Set(
            new { Address = context.InputAddress, context.PrefetchCount, context.ConcurrentMessageLimit, UrlGroups = subscriber.Topics });
    }

    public ConnectHandle ConnectReceiveObserver(IReceiveObserver observer) => context.ConnectReceiveObserver(observer);

    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => context.ConnectPublishObserver(observer);

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => context.ConnectSendObserver(observer);

    public ConnectHandle ConnectReceiveTransportObserver(IReceiveTransportObserver observer) =>
        context.ConnectReceiveTransportObserver(observer);

    async Task<QStashReceiver?> WaitForSuccessor(QStashReceiver stopped, CancellationToken requestAborted)
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(requestAborted, services.Life.Stopping);
        try
        {
            return await stopped.Successor.Task.WaitAsync(LongestWait, services.Time, source.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            return null;
        }
    }
}

using MassTransit.QStashTransport.Configuration;
using MassTransit.QStashTransport.Subscriptions;
using MassTransit.Transports;

namespace MassTransit.QStashTransport.Receiving;

/// <summary>
/// Starts and stops the receiver of one endpoint, and is where the HTTP side finds it.
/// </summary>
sealed class QStashReceiveTransport(
    QStashHostConfiguration hostConfiguration,
    QStashReceiveEndpointContext context,
    Subscriber subscriber) : IReceiveTransport
{
    volatile QStashReceiver? _receiver;

    public Uri InputAddress => context.InputAddress;
    public string? EndpointName { get; } = context.InputAddress.GetEndpointName();
    public Subscriber Subscriber => subscriber;
    public bool IsBusEndpoint => context.IsBusEndpoint;
    public ISerialization Serialization => context.Serialization;

    /// <summary>The running receiver; null before the endpoint starts. It refuses deliveries once it stops.</summary>
    public QStashReceiver? Receiver => _receiver;

    public ReceiveTransportHandle Start() => _receiver = new QStashReceiver(hostConfiguration, context, subscriber);

    public void Probe(ProbeContext probe)
    {
        var scope = probe.CreateScope("receiveTransport");
        scope.Add("type", "QStash");
        scope.Set(new { Address = context.InputAddress, context.PrefetchCount, context.ConcurrentMessageLimit, UrlGroups = subscriber.Topics });
    }

    public ConnectHandle ConnectReceiveObserver(IReceiveObserver observer) => context.ConnectReceiveObserver(observer);
    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => context.ConnectPublishObserver(observer);
    public ConnectHandle ConnectSendObserver(ISendObserver observer) => context.ConnectSendObserver(observer);

    public ConnectHandle ConnectReceiveTransportObserver(IReceiveTransportObserver observer) =>
        context.ConnectReceiveTransportObserver(observer);
}

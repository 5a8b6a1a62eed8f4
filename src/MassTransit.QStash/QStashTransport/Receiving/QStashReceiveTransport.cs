using MassTransit.QStashTransport.Configuration;
using MassTransit.Transports;

namespace MassTransit.QStashTransport.Receiving;

/// <summary>
/// Starts and stops the receiver of one endpoint, and is where the HTTP side finds it.
/// </summary>
sealed class QStashReceiveTransport(
    QStashHostConfiguration hostConfiguration,
    QStashReceiveEndpointContext context,
    IReadOnlyList<string> urlGroups,
    bool isTemporary) : IReceiveTransport
{
    volatile QStashReceiver? _receiver;

    public Uri InputAddress => context.InputAddress;
    public bool IsBusEndpoint => context.IsBusEndpoint;

    /// <summary>The running receiver; null before the endpoint starts. It refuses deliveries once it stops.</summary>
    public QStashReceiver? Receiver => _receiver;

    public ReceiveTransportHandle Start() => _receiver = new QStashReceiver(hostConfiguration, context, urlGroups, isTemporary);

    public void Probe(ProbeContext probe)
    {
        var scope = probe.CreateScope("receiveTransport");
        scope.Add("type", "QStash");
        scope.Set(new { Address = context.InputAddress, context.PrefetchCount, context.ConcurrentMessageLimit, UrlGroups = urlGroups });
    }

    public ConnectHandle ConnectReceiveObserver(IReceiveObserver observer) => context.ConnectReceiveObserver(observer);
    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => context.ConnectPublishObserver(observer);
    public ConnectHandle ConnectSendObserver(ISendObserver observer) => context.ConnectSendObserver(observer);

    public ConnectHandle ConnectReceiveTransportObserver(IReceiveTransportObserver observer) =>
        context.ConnectReceiveTransportObserver(observer);
}

using MassTransit.Transports;

namespace MassTransit.QStashTransport.Outgoing;

/// <summary>
/// Finds the transport for an address: an https address is a receive endpoint, <c>topic:name</c> a URL group, and <c>queue:name</c> a
/// receive endpoint that is looked up at each send, because its service may start or move.
/// </summary>
sealed class QStashTransportProvider(OutgoingServices services, ReceiveEndpointContext context) :
    ISendTransportProvider,
    IPublishTransportProvider
{
    public Uri NormalizeAddress(Uri address) => services.Addresses.Known.Normalize(address);

    public Task<ISendTransport> GetSendTransport(Uri address)
    {
        LogContext.SetCurrentIfNull(services.Host.LogContext);
        TransportLogMessages.CreateSendTransport(address);

        return Task.FromResult<ISendTransport>(
            new SendTransport<PipeContext>(new QStashSendTransportContext(services, context.Serialization, address)));
    }

    public Task<ISendTransport> GetPublishTransport<T>(Uri? publishAddress)
        where T : class =>
        GetSendTransport(publishAddress ?? throw new ArgumentNullException(nameof(publishAddress)));
}

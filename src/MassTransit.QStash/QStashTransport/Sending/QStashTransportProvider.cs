using MassTransit.QStashTransport.Configuration;
using MassTransit.QStashTransport.Topology;
using MassTransit.Transports;

namespace MassTransit.QStashTransport.Sending;

/// <summary>
/// From an address to what sends there: an https address is a receive endpoint, <c>topic:name</c> a URL group.
/// </summary>
sealed class QStashTransportProvider(QStashHostConfiguration hostConfiguration, ReceiveEndpointContext context) :
    ISendTransportProvider,
    IPublishTransportProvider
{
    public const string UrlGroupScheme = "topic";

    public Uri NormalizeAddress(Uri address) => NormalizeAddress(hostConfiguration, address);

    /// <exception cref="ArgumentException">The address leads nowhere on QStash.</exception>
    public static Uri NormalizeAddress(QStashHostConfiguration hostConfiguration, Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);

        switch (address.Scheme)
        {
            // "exchange:" is what code written for RabbitMQ uses for queues.
            case "queue" or "exchange":
                return EndpointName.IsLegal(address.AbsolutePath)
                    ? hostConfiguration.ResolveEndpointName(address.AbsolutePath)
                    : throw new ArgumentException($"'{address}' does not name a receive endpoint: only letters, digits, '.', '_' and '-' are allowed after '{address.Scheme}:'.", nameof(address));

            case UrlGroupScheme:
                return UrlGroupName.IsLegal(address.AbsolutePath)
                    ? address
                    : throw new ArgumentException($"'{address}' does not name a URL group: only letters, digits, '.', '_' and '-' are allowed after 'topic:'.", nameof(address));

            case "https" or "http" when hostConfiguration.Settings.Addresses.LeadToNobody(address):
                throw new ConfigurationException(QStashAddresses.Advise($"What is sent to '{address}', the address of a bus without one,"));

            case "https" or "http":
                return hostConfiguration.Settings.Addresses.Check(address) is { } problem
                    ? throw new ArgumentException($"QStash cannot deliver to '{PublicAddress.Show(address)}': it {problem}.", nameof(address))
                    : address;

            default:
                throw new ArgumentException($"'{address}' is not an address on QStash. Use queue:endpoint-name, topic:url-group-name or an absolute https URL.", nameof(address));
        }
    }

    public Task<ISendTransport> GetSendTransport(Uri address)
    {
        LogContext.SetCurrentIfNull(hostConfiguration.LogContext);
        TransportLogMessages.CreateSendTransport(address);

        return Task.FromResult<ISendTransport>(
            new SendTransport<PipeContext>(new QStashSendTransportContext(hostConfiguration, context.Serialization, address)));
    }

    public Task<ISendTransport> GetPublishTransport<T>(Uri? publishAddress)
        where T : class =>
        GetSendTransport(publishAddress ?? throw new ArgumentNullException(nameof(publishAddress)));
}

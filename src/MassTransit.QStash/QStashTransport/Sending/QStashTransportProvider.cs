using MassTransit.QStashTransport.Configuration;
using MassTransit.QStashTransport.Wire;
using MassTransit.Transports;

namespace MassTransit.QStashTransport.Sending;

/// <summary>
/// From an address to what sends there: an https address is a receive endpoint, <c>topic:name</c> a URL group, and <c>queue:name</c>
/// a receive endpoint that is looked for at each send, because its service may come or move.
/// </summary>
sealed class QStashTransportProvider(QStashHostConfiguration hostConfiguration, ReceiveEndpointContext context) :
    ISendTransportProvider,
    IPublishTransportProvider
{
    public const string UrlGroupScheme = "topic";
    public const string QueueScheme = "queue";

    public Uri NormalizeAddress(Uri address) => NormalizeAddress(hostConfiguration, address);

    /// <summary>Resolves what needs no call to QStash. A name that neither this bus nor a route has remains <c>queue:name</c>.</summary>
    /// <exception cref="ArgumentException">The address leads nowhere on QStash.</exception>
    public static Uri NormalizeAddress(QStashHostConfiguration hostConfiguration, Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);

        if (!address.IsAbsoluteUri)
            throw new ArgumentException($"'{address}' is not an absolute address. Use queue:endpoint-name, topic:url-group-name or an absolute https URL.", nameof(address));

        switch (address.Scheme)
        {
            // "exchange:" is what code written for RabbitMQ uses for queues.
            case "queue" or "exchange":
                var endpointName = EndpointName.Read(address);

                return hostConfiguration.FindEndpoint(endpointName) ?? new Uri($"{QueueScheme}:{endpointName}");

            case UrlGroupScheme:
                var urlGroup = address.AbsolutePath.Trim('/');

                return LegalName.Is(urlGroup) && address.Host.Length == 0
                    ? new Uri($"{UrlGroupScheme}:{urlGroup}")
                    : throw new ArgumentException($"'{PublicAddress.Show(address)}' does not name a URL group: only letters, digits, '.', '_' and '-' are allowed after 'topic:'.", nameof(address));

            case "https" or "http" when hostConfiguration.Settings.Addresses.LeadToNobody(address):
                throw new ConfigurationException(QStashAddresses.Advise($"What is sent to '{address}', the address of a bus without one,"));

            case "https" or "http":
                return hostConfiguration.Settings.Addresses.Check(address) is { } problem
                    ? throw new ArgumentException($"QStash cannot deliver to '{PublicAddress.Show(address)}': it {problem}.", nameof(address))
                    : address;

            default:
                var name = address.AbsolutePath.TrimEnd('/').Split('/')[^1];
                var advice = LegalName.IsEndpoint(name) ? $"If the receive endpoint '{name}' is meant, write queue:{name}. Else use" : "Use queue:endpoint-name,";

                throw new ArgumentException($"'{PublicAddress.Show(address)}' is not an address on QStash. {advice} topic:url-group-name or an absolute https URL.", nameof(address));
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

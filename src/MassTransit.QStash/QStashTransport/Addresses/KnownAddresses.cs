using MassTransit.QStashTransport.Wire;

namespace MassTransit.QStashTransport.Addresses;

/// <summary>
/// Resolves the addresses that the bus itself knows: those of its endpoints, and routes.
/// </summary>
/// <param name="settings">The addresses of this service, and the routes to others.</param>
/// <param name="findOwn">Finds an endpoint of the bus by its name.</param>
sealed class KnownAddresses(QStashAddresses settings, Func<string, Uri?> findOwn)
{
    public const string UrlGroupScheme = "topic";
    public const string QueueScheme = "queue";

    /// <summary>The address of an endpoint; null if it is neither one of the bus nor on a route.</summary>
    public Uri? Find(string endpointName) =>
        (settings.AreMissing ? null : findOwn(endpointName)) ?? settings.FindRoute(endpointName);

    /// <summary>Whether a URL is known to be that of a receive endpoint of this transport.</summary>
    public bool LeadsToEndpoint(Uri url) =>
        settings.EndpointBase.IsBaseOf(url) || settings.InstanceEndpointBase.IsBaseOf(url) || settings.HasRouteTo(url);

    /// <summary>The name in a <c>queue:</c> address if neither an endpoint of the bus nor a route has it; else null.</summary>
    public string? FindUnknownName(Uri? address) =>
        address is { IsAbsoluteUri: true, Scheme: "queue" or "exchange" } && EndpointName.Read(address) is var name && Find(name) is null
            ? name
            : null;

    /// <summary>
    /// Resolves an address without a call to QStash. A name that neither this bus nor a route has stays <c>queue:name</c>.
    /// </summary>
    /// <exception cref="ArgumentException">QStash cannot deliver to the address.</exception>
    public Uri Normalize(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);

        if (!address.IsAbsoluteUri)
        {
            throw new ArgumentException(
                $"'{address}' is not an absolute address. Use queue:endpoint-name, topic:url-group-name or an absolute https URL.",
                    nameof(address));
        }

        switch (address.Scheme)
        {
            // Code written for RabbitMQ uses "exchange:" for queues.
            case QueueScheme or "exchange":
                var endpointName = EndpointName.Read(address);
                return Find(endpointName) ?? new Uri($"{QueueScheme}:{endpointName}");

            case UrlGroupScheme:
                var urlGroup = address.AbsolutePath.Trim('/');
                return LegalName.Is(urlGroup) && address.Host.Length == 0
                    ? new Uri($"{UrlGroupScheme}:{urlGroup}")
                    : throw new ArgumentException(
                        $"'{PublicAddress.Show(address)}' does not name a URL group: {LegalName.Rule} after 'topic:'.", nameof(address));

            case "https" or "http" when settings.LeadToNobody(address):
                throw new ConfigurationException(
                    QStashAddresses.Advise($"A message to '{address}', the placeholder of a bus without an address,"));

            case "https" or "http":
                return settings.Check(address) is { } problem
                    ? throw new ArgumentException($"QStash cannot deliver to '{PublicAddress.Show(address)}': it {problem}.",
                    nameof(address))
                    : address;

            default:
                var name = address.AbsolutePath.TrimEnd('/').Split('/')[^1];
                var advice = LegalName.IsEndpoint(name)
                    ? $"If you mean the receive endpoint '{name}', write queue:{name}. Otherwise use"
                    : "Use queue:endpoint-name,";
                throw new ArgumentException(
                    $"'{PublicAddress.Show(address)}' is not an address on QStash. {advice} topic:url-group-name or an absolute https "
                        + "URL.", nameof(address));
        }
    }
}

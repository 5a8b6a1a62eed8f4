using QStash.Client;

namespace MassTransit.QStashTransport.Addresses;

/// <summary>
/// Finds receive endpoints by name: those of this process, those with a route, and those that are members of the account's URL groups.
/// </summary>
/// <param name="settings">The addresses of this service, and the routes to others.</param>
/// <param name="known">What the bus itself knows.</param>
/// <param name="findOnOtherBus">Finds an endpoint of another bus of the process.</param>
/// <param name="named">Finds the endpoints of other processes.</param>
sealed class AddressBook(QStashAddresses settings, KnownAddresses known, Func<string, Uri?> findOnOtherBus, NamedEndpoints named)
{
    public KnownAddresses Known => known;

    /// <exception cref="EndpointNotFoundException">No endpoint, or more than one, has the name.</exception>
    public async ValueTask<Uri> FindAsync(string endpointName, CancellationToken cancellationToken)
    {
        if ((known.Find(endpointName) ?? findOnOtherBus(endpointName)) is { } address)
            return address;

        Uri found;
        try
        {
            found = new Uri(await named.FindAsync(endpointName, cancellationToken).ConfigureAwait(false));
        }
        catch (EndpointNotFoundException exception) when (settings.AreMissing)
        {
            throw new EndpointNotFoundException(
                $"{exception.Message} {QStashAddresses.Advise("If it is an endpoint of this service, it")}", exception);
        }

        return settings.Check(found) is { } problem
            ? throw new EndpointNotFoundException($"The URL groups of the account say that receive endpoint '{endpointName}' is at "
                + $"'{PublicAddress.Show(found)}', which {problem}. Set its address with h.Route(\"{endpointName}\", address).")
            : found;
    }

    /// <summary>Resolves an address that names an endpoint to the endpoint's URL; returns any other address unchanged.</summary>
    /// <param name="address">The address.</param>
    /// <param name="what">What the address is used for; the error begins with it.</param>
    /// <param name="cancellationToken">Cancels the lookup.</param>
    /// <exception cref="ArgumentException">The address is not legal.</exception>
    /// <exception cref="EndpointNotFoundException">No endpoint is known by the name.</exception>
    public async ValueTask<Uri?> ResolveAsync(Uri? address, string what, CancellationToken cancellationToken)
    {
        if (settings.LeadToNobody(address))
        {
            throw new ConfigurationException(
                QStashAddresses.Advise($"{what} is '{address}', the placeholder of a bus without an address. It"));
        }

        if (address is null or { IsAbsoluteUri: true, Scheme: not (KnownAddresses.QueueScheme or "exchange") })
            return address;

        try
        {
            return await FindAsync(EndpointName.Read(address), cancellationToken).ConfigureAwait(false);
        }
        catch (EndpointNotFoundException exception)
        {
            throw new EndpointNotFoundException($"{what}: {exception.Message}", exception);
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException($"{what}: {exception.Message}", exception);
        }
    }

    /// <summary>Whether a URL is that of a receive endpoint of this transport, in any service.</summary>
    /// <exception cref="QStashException">The URL is not known, and the URL groups could not be read.</exception>
    public async ValueTask<bool> IsEndpointAsync(Uri url, CancellationToken cancellationToken) =>
        known.LeadsToEndpoint(url) || await named.HasUrlAsync(url.AbsoluteUri, cancellationToken).ConfigureAwait(false);
}

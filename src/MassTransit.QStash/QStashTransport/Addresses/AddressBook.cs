using QStash.Client;

namespace MassTransit.QStashTransport.Addresses;

/// <summary>
/// Where names of receive endpoints lead: in this process, along routes, and to those that the URL groups of the account tell of.
/// </summary>
/// <param name="settings">The addresses of this service, and the routes to others.</param>
/// <param name="known">What the bus itself knows.</param>
/// <param name="findOnOtherBus">Finds an endpoint of another bus of the process.</param>
/// <param name="named">Finds the endpoints of other processes.</param>
sealed class AddressBook(QStashAddresses settings, KnownAddresses known, Func<string, Uri?> findOnOtherBus, NamedEndpoints named)
{
    public KnownAddresses Known => known;

    /// <exception cref="EndpointNotFoundException">None or several have the name.</exception>
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
                + $"'{PublicAddress.Show(found)}', which {problem}. Say where it is with h.Route(\"{endpointName}\", address).")
            : found;
    }

    /// <summary>The URL of an endpoint that an address names; any other address as it is.</summary>
    /// <param name="address">The address.</param>
    /// <param name="what">What it is, for the error.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">It cannot be an address.</exception>
    /// <exception cref="EndpointNotFoundException">It leads nowhere.</exception>
    public async ValueTask<Uri?> ResolveAsync(Uri? address, string what, CancellationToken cancellationToken)
    {
        if (settings.LeadToNobody(address))
            throw new ConfigurationException(QStashAddresses.Advise($"{what} is '{address}', the address of a bus without one, and"));

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

    /// <summary>Whether a URL is that of a receive endpoint of this transport, in whatever service.</summary>
    /// <exception cref="QStashException">It is not known, and the URL groups could not be read.</exception>
    public async ValueTask<bool> IsEndpointAsync(Uri url, CancellationToken cancellationToken) =>
        known.LeadsToEndpoint(url) || await named.HasUrlAsync(url.AbsoluteUri, cancellationToken).ConfigureAwait(false);
}

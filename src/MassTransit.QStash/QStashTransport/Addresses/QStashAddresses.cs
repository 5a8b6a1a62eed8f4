namespace MassTransit.QStashTransport.Addresses;

/// <summary>
/// The addresses of the endpoints of a bus, and the routes to endpoints of other services.
/// </summary>
sealed class QStashAddresses(QStashTransportOptions options)
{
    public const string DefaultPathPrefix = "qstash";

    // The placeholder for a bus without an address. Nothing is sent to it, and no name server knows it.
    static readonly Uri NoAddress = new("https://no-base-address.invalid");

    public Uri? BaseAddress => options.BaseAddress ?? (options.UseEmulator == true ? options.DevelopmentAddress : null);
    public Uri? InstanceBaseAddress => options.InstanceBaseAddress;

    /// <summary>Whether the bus has no address, so that it can only send.</summary>
    public bool AreMissing => BaseAddress is null && InstanceBaseAddress is null;

    /// <summary>Whether several processes are known to answer at the base address.</summary>
    public bool HasReplicas => options.HasReplicas ?? false;

    /// <summary>The path below the base address, without slashes at its ends; empty for none.</summary>
    public string PathPrefix => (options.PathPrefix ?? DefaultPathPrefix).Trim('/');

    public IEnumerable<KeyValuePair<string, Uri>> Routes => options.Routes;

    /// <summary>The URL that the URL of every endpoint of this bus starts with; ends with a slash.</summary>
    public Uri EndpointBase => GetEndpointBase(BaseAddress, nameof(BaseAddress));

    /// <summary>The same for endpoints of this process alone.</summary>
    public Uri InstanceEndpointBase =>
        InstanceBaseAddress is null ? EndpointBase : GetEndpointBase(InstanceBaseAddress, nameof(InstanceBaseAddress));

    /// <summary>
    /// Whether it is certain that no other process answers at these addresses: a setting says so, or QStash must be on this machine.
    /// </summary>
    public bool LeadToThisProcess => InstanceBaseAddress is not null || (!HasReplicas && PublicAddress.IsPrivate(EndpointBase));

    /// <summary>Whether it is certain that other processes answer at these addresses.</summary>
    public bool LeadToOthers => HasReplicas && InstanceBaseAddress is null;

    /// <summary>The address of the route for a name; null when there is none.</summary>
    public Uri? FindRoute(string endpointName) => options.Routes.TryGetValue(endpointName, out var address) ? address : null;

    /// <summary>Whether an address is at the end of a route.</summary>
    public bool HasRouteTo(Uri address) => options.Routes.Values.Contains(address);

    /// <summary>Whether an address is an address of this bus, while the bus has none.</summary>
    public bool LeadToNobody(Uri? address) => AreMissing && address is not null && EndpointBase.IsBaseOf(address);

    /// <summary>Tells how to fix the error that a bus without an address is to receive something.</summary>
    public static string Advise(string what) =>
        $"{what} needs the public address of this service, where QStash delivers: set cfg.Host(\"https://orders.example.com\") "
        + "or QStash:BaseAddress, and call app.MapQStash(). Without them a bus can only send.";

    /// <summary>The reason why QStash cannot deliver to an address, or null.</summary>
    public string? Check(Uri address)
    {
        if (!address.IsAbsoluteUri || address.Scheme is not ("https" or "http"))
            return "is not an absolute https address";

        if (address.UserInfo.Length > 0)
            return "contains a user name or a password";

        // .NET would send the host name as it is written, but QStash and the signature use the ASCII form.
        if (address.Host != address.IdnHost && !address.Host.StartsWith('['))
            return $"has a host name that is not ASCII; write it as '{address.IdnHost}'";

        // The emulator may be on this machine.
        if (options.UseEmulator == true)
            return null;

        if (address.Scheme != "https")
            return "is not https: messages and signatures would cross the internet in the clear";

        return PublicAddress.IsPrivate(address) ? "cannot be reached from the internet, where QStash is" : null;
    }

    /// <summary>Tells what is wrong with the address in a setting and how to fix it; null if it is fine.</summary>
    public string? FindBaseAddressProblem(Uri? address, string setting)
    {
        var fix = setting == nameof(BaseAddress)
            ? "Set cfg.Host(\"https://orders.example.com\") or QStash:BaseAddress"
            : $"Set h.{setting}(new Uri(\"https://orders-1.example.com\")) or QStash:{setting}";

        if (address is null)
            return $"the public address of this service is missing: QStash delivers messages to it. {fix}";

        if (Check(address) is { } problem)
            return $"'{PublicAddress.Show(address)}' {problem}. {fix}, or h.UseEmulator() for development";

        return address.Query.Length > 0 || address.Fragment.Length > 0
            ? $"the address must be a plain scheme, host, port and path, without query or fragment. {fix}"
            : null;
    }

    Uri GetEndpointBase(Uri? address, string setting)
    {
        if (AreMissing)
            address = NoAddress;
        else if (FindBaseAddressProblem(address, setting) is { } problem)
            throw new ConfigurationException($"QStash:{setting}: {problem}");

        var text = address!.AbsoluteUri.TrimEnd('/') + "/";

        return new Uri(PathPrefix.Length == 0 ? text : $"{text}{PathPrefix}/");
    }
}

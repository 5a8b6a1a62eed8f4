using MassTransit.QStashTransport.Wire;

namespace MassTransit.QStashTransport.Configuration;

/// <summary>
/// Where the endpoints of a bus are, and those of other services it sends to by name.
/// </summary>
sealed class QStashAddresses : ISpecification
{
    public const string DefaultPathPrefix = "qstash";

    // What a bus without an address has for one. Nothing is sent there, and no name server knows it.
    static readonly Uri NoAddress = new("https://no-base-address.invalid");

    // As MassTransit compares the names of endpoints.
    readonly Dictionary<string, Uri> _routes = new(StringComparer.OrdinalIgnoreCase);
    string _pathPrefix = DefaultPathPrefix;

    public Uri? BaseAddress { get; set; }
    public Uri? InstanceBaseAddress { get; set; }

    /// <summary>Whether nothing can be delivered to the bus, which can send all the same.</summary>
    public bool AreMissing => BaseAddress is null && InstanceBaseAddress is null;

    /// <summary>Whether several processes are known to answer at the base address.</summary>
    public bool HasReplicas { get; set; }

    /// <summary>Deliveries come from a local emulator: addresses need not be public, nor https.</summary>
    public bool AllowPrivate { get; set; }

    /// <summary>The path below the base address, without slashes at its ends; empty for none.</summary>
    public string PathPrefix
    {
        get => _pathPrefix;
        set => _pathPrefix = value.Trim('/');
    }

    public IReadOnlyDictionary<string, Uri> Routes => _routes;

    /// <summary>What the URL of every own endpoint starts with; ends with a slash.</summary>
    public Uri EndpointBase => GetEndpointBase(BaseAddress, nameof(BaseAddress));

    /// <summary>The same for endpoints that only this process has.</summary>
    public Uri InstanceEndpointBase => InstanceBaseAddress is null ? EndpointBase : GetEndpointBase(InstanceBaseAddress, nameof(InstanceBaseAddress));

    /// <summary>Whether it is known that no other process answers there: it was said, or QStash cannot be outside of this machine.</summary>
    public bool LeadToThisProcess => InstanceBaseAddress is not null || (!HasReplicas && PublicAddress.IsPrivate(EndpointBase));

    /// <summary>Whether it is known that others answer there.</summary>
    public bool LeadToOthers => HasReplicas && InstanceBaseAddress is null;

    public void Route(string endpointName, Uri address) => _routes[endpointName] = address;

    public IEnumerable<ValidationResult> Validate()
    {
        if (!AreMissing && ValidateBaseAddress(BaseAddress, nameof(BaseAddress)) is { } failure)
            yield return failure;

        if (InstanceBaseAddress is not null && ValidateBaseAddress(InstanceBaseAddress, nameof(InstanceBaseAddress)) is { } instanceFailure)
            yield return instanceFailure;

        if (HasReplicas && InstanceBaseAddress is not null && InstanceBaseAddress == BaseAddress)
            yield return this.Failure("QStash:InstanceBaseAddress", "it is the same as the base address, which HasReplicas says leads to other processes too. Set it to an address that leads to this one alone");

        if (_pathPrefix.Length > 0 && !_pathPrefix.Split('/').All(LegalName.IsEndpoint))
            yield return this.Failure("QStash:PathPrefix", $"'{_pathPrefix}' is not a plain path. Use letters, digits, '.', '_' and '-', with '/' between segments");

        foreach (var (name, address) in _routes)
        {
            if (Check(address) is { } problem)
                yield return this.Failure($"Route({name})", $"'{PublicAddress.Show(address)}' {problem}");
        }
    }

    /// <summary>Says that the address of a bus is missing which has receive endpoints, and else mentions it beside other mistakes.</summary>
    public ValidationResult? ValidatePresence(bool isNeeded) => (AreMissing, isNeeded) switch
    {
        (false, _) => null,
        (_, true) => ValidateBaseAddress(null, nameof(BaseAddress)),
        _ => this.Warning("QStash:BaseAddress", "the public address of this service is missing, so the bus can only send"),
    };

    /// <summary>Whether an address would lead to this bus, if it had one.</summary>
    public bool LeadToNobody(Uri? address) => AreMissing && address is not null && EndpointBase.IsBaseOf(address);

    /// <summary>Says what to do where a bus that can only send is to receive something.</summary>
    public static string Advise(string what) =>
        $"{what} needs the public address of this service, where QStash delivers: set QStash:BaseAddress, "
        + "or cfg.Host(h => h.BaseAddress(\"https://orders.example.com\")), and call app.MapQStash(). Without them a bus can only send.";

    /// <summary>Says what keeps QStash from delivering to an address, or null.</summary>
    public string? Check(Uri address)
    {
        if (!address.IsAbsoluteUri || address.Scheme is not ("https" or "http"))
            return "is not an absolute https address";

        if (address.UserInfo.Length > 0)
            return "contains a user name or a password";

        // .NET would send the name as it is written, and neither QStash nor the signature knows it in that form.
        if (address.Host != address.IdnHost && !address.Host.StartsWith('['))
            return $"has a host name that is not ASCII; write it as '{address.IdnHost}'";

        if (AllowPrivate)
            return null;

        if (address.Scheme != "https")
            return "is not https: messages and signatures would cross the internet in the clear";

        return PublicAddress.IsPrivate(address) ? "cannot be reached from the internet, where QStash is" : null;
    }

    ValidationResult? ValidateBaseAddress(Uri? address, string setting)
    {
        var key = $"QStash:{setting}";
        var example = $"Set cfg.Host(h => h.{setting}(new Uri(\"https://orders.example.com\"))) or {key}";

        if (address is null)
            return this.Failure(key, $"the public address of this service is missing: QStash delivers messages to it. {example}");

        if (Check(address) is { } problem)
            return this.Failure(key, $"'{PublicAddress.Show(address)}' {problem}. {example}, or UseEmulator() for development");

        return address.Query.Length > 0 || address.Fragment.Length > 0
            ? this.Failure(key, "the address must be a plain scheme, host, port and path, without query or fragment")
            : null;
    }

    Uri GetEndpointBase(Uri? address, string setting)
    {
        if (AreMissing)
            address = NoAddress;
        else if (ValidateBaseAddress(address, setting) is { } failure)
            throw new ConfigurationException($"{failure.Key}: {failure.Message}");

        var text = address!.AbsoluteUri.TrimEnd('/') + "/";

        return new Uri(_pathPrefix.Length == 0 ? text : $"{text}{_pathPrefix}/");
    }
}

using MassTransit.QStashTransport.Addresses;
using MassTransit.QStashTransport.Outgoing;
using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// Checks the settings of a bus as a whole before it is built, so that one error lists everything that is missing.
/// </summary>
sealed class SettingsValidation(QStashHostSettings settings) : ISpecification
{
    const string PublicKeys = "the keys of the local development server are public and would let anybody send messages. "
        + "Use the keys of your QStash account, or h.UseEmulator() for development";

    readonly QStashTransportOptions _options = settings.Options;

    public IEnumerable<ValidationResult> Validate() =>
    [
        .. ValidateAccount(), .. ValidateRegions(), .. ValidateApi(), .. ValidateAddresses(), .. ValidateLimits(), .. ValidateNames(),
        .. ValidateDelivery(),
    ];

    IEnumerable<ValidationResult> ValidateAccount()
    {
        var (token, current, next) = (_options.Token, _options.CurrentSigningKey, _options.NextSigningKey);

        if (string.IsNullOrWhiteSpace(token))
            yield return Secret("Token", "the token is missing. Copy it from the QStash console");
        else if (QStashSecret.FindTokenProblem(token) is { } problem)
            yield return Secret("Token", $"the token {problem}. Copy it again from the QStash console");

        if (string.IsNullOrWhiteSpace(current))
            yield return Secret("CurrentSigningKey", "the current signing key is missing. Copy it from the QStash console");
        else if (QStashSecret.FindSigningKeyProblem(current) is { } problem)
            yield return Secret("CurrentSigningKey", $"the current signing key {problem}. Copy it again from the QStash console");

        if (string.IsNullOrWhiteSpace(next))
        {
            yield return Secret("NextSigningKey",
                "the next signing key is missing; without it deliveries are refused after a key rotation. Copy it from the QStash console");
        }
        else if (QStashSecret.FindSigningKeyProblem(next) is { } problem)
            yield return Secret("NextSigningKey", $"the next signing key {problem}. Copy it again from the QStash console");
        else if (current == next)
        {
            yield return Secret("NextSigningKey",
                "the next signing key is the same as the current one, so deliveries would be refused after a key rotation. Copy it from "
                + "the QStash console");
        }

        // The keys of the development servers are public, so anybody can sign with them.
        if (!settings.Account.IsEmulator && DevelopmentCredentials.IsPublicKey(current, next))
            yield return this.Failure("QStash:CurrentSigningKey", PublicKeys);
    }

    IEnumerable<ValidationResult> ValidateRegions()
    {
        foreach (var (region, keys) in _options.RegionSigningKeys)
        {
            var key = $"QStash:Regions:{region}";

            if (!QStashRegion.Matches(QStashRegion.EuCentral1, region) && !QStashRegion.Matches(QStashRegion.UsEast1, region))
                yield return this.Failure(key, $"QStash has no such region. Use {QStashRegion.EuCentral1} or {QStashRegion.UsEast1}");
            else if (string.IsNullOrWhiteSpace(keys.Current) || string.IsNullOrWhiteSpace(keys.Next))
                yield return Region("one of the two keys is missing. Copy both");
            else if ((QStashSecret.FindSigningKeyProblem(keys.Current) ?? QStashSecret.FindSigningKeyProblem(keys.Next)) is { } problem)
                yield return Region($"one of the two keys {problem}. Copy both again");
            else if (keys.Current == keys.Next)
                yield return Region("both keys are the same, so deliveries would be refused after a key rotation. Copy both");
            else if (!settings.Account.IsEmulator && DevelopmentCredentials.IsPublicKey(keys.Current, keys.Next))
                yield return this.Failure(key, PublicKeys);

            ValidationResult Region(string message) =>
                this.Failure(key,
                    $"{message} from the QStash console, and set them with h.RegionSigningKeys(\"{region}\", current, next), "
                    + $"{key}:CurrentSigningKey and {key}:NextSigningKey");
        }
    }

    IEnumerable<ValidationResult> ValidateApi()
    {
        var (url, isEmulator) = (settings.Account.ApiUrl, settings.Account.IsEmulator);

        if (!url.IsAbsoluteUri || url.Scheme is not ("https" or "http") || (url.Scheme == "http" && !isEmulator))
        {
            yield return this.Failure("QStash:Url",
                $"'{PublicAddress.Show(url)}' is not an https address. Set that of your QStash region with h.Url(uri), QStash:Url or the "
                + $"variable {QStashSettings.UrlVariable}, or use h.UseEmulator(url) for a local emulator");
        }

        if (isEmulator && url.IsAbsoluteUri && !PublicAddress.IsPrivate(url))
        {
            yield return this.Failure("QStash:UseEmulator",
                $"'{PublicAddress.Show(url)}' is a public address. With the emulator this service trusts publicly known signing keys, so "
                + "it must be on this machine or in a private network");
        }

        if (_options.EmulatorIsRefused && !isEmulator)
        {
            yield return this.Failure("QStash:UseEmulator",
                "the configuration asks for the emulator outside of the environment Development, where a forgotten setting would make "
                + "this service trust publicly known signing keys. Remove it, or call h.UseEmulator() where that is meant");
        }
    }

    IEnumerable<ValidationResult> ValidateAddresses()
    {
        var addresses = settings.Addresses;

        if (!addresses.AreMissing && addresses.FindBaseAddressProblem(addresses.BaseAddress, "BaseAddress") is { } problem)
            yield return this.Failure("QStash:BaseAddress", problem);

        if (addresses.InstanceBaseAddress is { } instance
            && addresses.FindBaseAddressProblem(instance, "InstanceBaseAddress") is { } instanceProblem)
            yield return this.Failure("QStash:InstanceBaseAddress", instanceProblem);

        if (addresses.HasReplicas && addresses.InstanceBaseAddress is not null && addresses.InstanceBaseAddress == addresses.BaseAddress)
        {
            yield return this.Failure("QStash:InstanceBaseAddress",
                "it is the same as the base address, which HasReplicas says leads to other processes too. Set it to an address that "
                + "leads to this one alone");
        }

        if (addresses.PathPrefix.Length > 0 && !addresses.PathPrefix.Split('/').All(LegalName.IsEndpoint))
        {
            yield return Refuse("PathPrefix",
                $"'{addresses.PathPrefix}' is not a plain path. Use letters, digits, '.', '_' and '-', and '/' between segments");
        }

        foreach (var (name, address) in addresses.Routes)
        {
            if (addresses.Check(address) is { } routeProblem)
            {
                yield return this.Failure($"QStash:Routes:{name}",
                    $"'{PublicAddress.Show(address)}' {routeProblem}. Set the public URL of the endpoint with h.Route(\"{name}\", uri) "
                    + $"or QStash:Routes:{name}");
            }
        }
    }

    IEnumerable<ValidationResult> ValidateLimits()
    {
        if (settings.BodyLimit <= 0)
            yield return Refuse("MaxBodySize", $"{settings.BodyLimit} is not a size. Give the largest body to accept, in bytes");

        if (settings.LongestDelay <= TimeSpan.Zero)
        {
            yield return Refuse("MaxDelay",
                $"{settings.LongestDelay} is not a delay. Give the longest delay that your plan allows, such as 7.00:00:00");
        }

        if (settings.ToleratedClockDifference < TimeSpan.Zero || settings.ToleratedClockDifference > TimeSpan.FromMinutes(5))
        {
            yield return Refuse("ClockTolerance",
                $"{settings.ToleratedClockDifference} is not a legal tolerance. Give zero to 5 minutes; more would undo "
                + "the expiry of tokens");
        }

        if (settings.RateLimitWait < TimeSpan.Zero || settings.RateLimitWait > TimeSpan.FromDays(1))
        {
            yield return Refuse("MaxRateLimitWait",
                $"{settings.RateLimitWait} is not a legal wait. Give zero to one day: the daily limit ends at midnight UTC");
        }

        if (settings.DirectoryCacheDuration < TimeSpan.Zero)
        {
            yield return this.Failure("QStash:DirectoryCacheDuration",
                $"{settings.DirectoryCacheDuration} is not a legal duration. Give the time for which a publisher may use what it has read, "
                + "or zero to read at each publish. Set it with h.UseDirectory(urlGroup, cacheDuration) or QStash:DirectoryCacheDuration");
        }
    }

    IEnumerable<ValidationResult> ValidateNames()
    {
        if (_options.ServiceName is { } serviceName && !LegalName.Is(serviceName))
            yield return Refuse("ServiceName", $"'{serviceName}' cannot name a service. Use letters, digits, '.', '_' and '-'");

        if (settings.Directory is { } directory && !LegalName.Is(directory))
        {
            yield return this.Failure("QStash:Directory",
                $"'{directory}' cannot be the name of a URL group. Use letters, digits, '.', '_' and '-'. Set it with "
                + "h.UseDirectory(urlGroup) or QStash:Directory");
        }
    }

    IEnumerable<ValidationResult> ValidateDelivery()
    {
        foreach (var name in _options.UnknownDeliverySettings)
        {
            yield return this.Failure($"QStash:Delivery:{name}",
                "a bus has no such delivery setting. Correct its name. Set settings of a single message, such as a delay, where the "
                + "message is sent");
        }

        if (FindProblem() is { } problem)
            yield return this.Failure("QStash:Delivery", $"{problem} Set it with h.Delivery(d => …) or QStash:Delivery");

        string? FindProblem()
        {
            try
            {
                CallbackRequest.Validate(settings.DeliverySettings);

                return null;
            }
            catch (ArgumentException exception)
            {
                return exception.Message;
            }
        }
    }

    ValidationResult Refuse(string setting, string message) =>
        this.Failure($"QStash:{setting}", $"{message}. Set it with h.{setting}(…) or QStash:{setting}");

    ValidationResult Secret(string setting, string message)
    {
        var (code, variable) = setting switch
        {
            "Token" => ("h.Token(…)", QStashSettings.TokenVariable),
            "CurrentSigningKey" => ("h.SigningKeys(current, next)", QStashSettings.CurrentSigningKeyVariable),
            _ => ("h.SigningKeys(current, next)", QStashSettings.NextSigningKeyVariable),
        };

        return this.Failure($"QStash:{setting}", $"{message}, and set it with {code}, QStash:{setting} or the variable {variable}");
    }
}

using System.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace QStash.Client;

/// <summary>
/// The settings for QStash in the environment. Each value comes from the configuration section <c>QStash</c>, or else from the variable
/// <c>QSTASH_…</c>; a blank value counts as not set. <c>QSTASH_DEV</c> is ignored on purpose: it would make a receiver trust publicly known
/// keys.
/// </summary>
/// <remarks>
/// If <see cref="Region"/> is set and the region has a token, URL and token are those of the region, as in the official SDKs; a URL and a
/// token that are both in the section win over them. The signing keys of all regions are read too. Those of the chosen region are used if
/// the default pair is missing.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class QStashSettings
{
    /// <summary>Name of the configuration section.</summary>
    public const string SectionName = "QStash";

    /// <summary>Variable of <see cref="Url"/>.</summary>
    public const string UrlVariable = "QSTASH_URL";

    /// <summary>Variable of <see cref="Token"/>.</summary>
    public const string TokenVariable = "QSTASH_TOKEN";

    /// <summary>Variable of <see cref="CurrentSigningKey"/>.</summary>
    public const string CurrentSigningKeyVariable = "QSTASH_CURRENT_SIGNING_KEY";

    /// <summary>Variable of <see cref="NextSigningKey"/>.</summary>
    public const string NextSigningKeyVariable = "QSTASH_NEXT_SIGNING_KEY";

    /// <summary>Variable of <see cref="Region"/>.</summary>
    public const string RegionVariable = "QSTASH_REGION";

    /// <summary>Base URL of the API.</summary>
    public Uri? Url { get; init; }

    /// <summary>The token.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? Token { get; init; }

    /// <summary>The key deliveries are signed with.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? CurrentSigningKey { get; init; }

    /// <summary>The key deliveries are signed with after a rotation.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? NextSigningKey { get; init; }

    /// <summary>The region to publish to, one of <see cref="QStashRegion"/>; null if none is chosen.</summary>
    public string? Region { get; init; }

    /// <summary>The signing keys of regions, by their name in <see cref="QStashRegion"/>.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public IReadOnlyDictionary<string, QStashSigningKeys> RegionSigningKeys { get; init; } = new Dictionary<string, QStashSigningKeys>();

    /// <summary>Reads the settings.</summary>
    /// <param name="configuration">
    /// Where to look for <c>QStash:Url</c>, <c>QStash:Token</c>, <c>QStash:CurrentSigningKey</c>, <c>QStash:NextSigningKey</c>,
    /// <c>QStash:Region</c>, the same four below <c>QStash:Regions:{region}</c>, and then for the <c>QSTASH_…</c> keys, of a region
    /// <c>{region}_QSTASH_…</c>; the process environment is the last resort, and the only one when this is <see langword="null"/>.
    /// A region's variables are only read when a region is chosen.
    /// </param>
    /// <exception cref="ArgumentException">A URL is not absolute, a region is unknown, or a region lacks its other half.</exception>
    public static QStashSettings Resolve(IConfiguration? configuration)
    {
        var section = new Source(configuration, SectionName);

        var region = section.Read(nameof(Region), RegionVariable) is { } name ? ParseRegion(name) : null;
        var regionKeys = ReadRegionSigningKeys(section, hasChoice: region is not null);
        var api = ReadApi(section, region);
        var (current, next) = (section.Read(nameof(CurrentSigningKey), CurrentSigningKeyVariable),
            section.Read(nameof(NextSigningKey), NextSigningKeyVariable));

        if (current is null && next is null && region is not null && regionKeys.TryGetValue(region, out var keys))
            (current, next) = (keys.Current, keys.Next);

        return new QStashSettings
        {
            Url = api.Url,
            Token = api.Token,
            CurrentSigningKey = current,
            NextSigningKey = next,
            Region = region,
            RegionSigningKeys = regionKeys
        };
    }

    /// <summary>The pair of keys for a <see cref="QStashSignatureVerifier"/>.</summary>
    /// <exception cref="ArgumentException">A key is missing or damaged; the text names its variable.</exception>
    public QStashSigningKeyPair GetSigningKeys() => new(CurrentSigningKey ?? "", NextSigningKey ?? "");

    /// <summary>Shows the URL and which secrets are set, never their values.</summary>
    public override string ToString() =>
        $"{nameof(QStashSettings)} {{ Url = {Url}, Region = {Region}, Token = {Mask(Token)}, "
        + $"CurrentSigningKey = {Mask(CurrentSigningKey)}, NextSigningKey = {Mask(NextSigningKey)} }}";

    static string Mask(string? secret) => secret is null ? "missing" : "***";

    // A URL and a token belong together, because a token is valid in one region only.
    static (Uri? Url, string? Token) ReadApi(Source section, string? region)
    {
        var isComplete = section.Has(nameof(Url)) && section.Has(nameof(Token));

        if (region is not null && !isComplete)
        {
            var (urlVariable, tokenVariable) = ($"{region}_{UrlVariable}", $"{region}_{TokenVariable}");
            var url = section.Read($"Regions:{region}:{nameof(Url)}", urlVariable);

            if (section.Read($"Regions:{region}:{nameof(Token)}", tokenVariable) is { } token)
                return (ParseUrl(url, urlVariable) ?? QStashRegion.GetUrl(region), token);

            if (url is not null)
                throw new ArgumentException($"{RegionVariable} is {region}, which has a URL and no token. Set {tokenVariable} too.");
        }

        return (ParseUrl(section.Read(nameof(Url), UrlVariable), UrlVariable), section.Read(nameof(Token), TokenVariable));
    }

    static Dictionary<string, QStashSigningKeys> ReadRegionSigningKeys(Source section, bool hasChoice)
    {
        var pairs = new Dictionary<string, QStashSigningKeys>(StringComparer.Ordinal);

        foreach (var region in QStashRegion.Known)
        {
            var (currentVariable, nextVariable) = ($"{region}_{CurrentSigningKeyVariable}", $"{region}_{NextSigningKeyVariable}");
            var current = section.Read($"Regions:{region}:{nameof(CurrentSigningKey)}", hasChoice ? currentVariable : null);
            var next = section.Read($"Regions:{region}:{nameof(NextSigningKey)}", hasChoice ? nextVariable : null);

            if (current is not null && next is not null)
                pairs[region] = new QStashSigningKeys { Current = current, Next = next };
            else if (current is not null || next is not null)
                throw new ArgumentException(
                    $"One of the signing keys of {region} is missing, so deliveries would be refused after a rotation. "
                    + $"Set both {currentVariable} and {nextVariable}.");
        }

        return pairs;
    }

    static string ParseRegion(string name)
    {
        try
        {
            return QStashRegion.Normalize(name);
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException($"{SectionName}:{nameof(Region)} ({RegionVariable}): {exception.Message}", exception);
        }
    }

    static Uri? ParseUrl(string? value, string variable) => value switch
    {
        null => null,
        _ when Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" => url,
        _ => throw new ArgumentException(
            $"{SectionName}:{nameof(Url)} ({variable}) must be an absolute http or https URL such as https://qstash.upstash.io.")
    };

    readonly struct Source(IConfiguration? configuration, string section)
    {
        public bool Has(string name) => FromSection(name) is not null;

        public string? Read(string name, string? variable) =>
            FromSection(name) ??
            (variable is null ? null : NotBlank(configuration?[variable]) ?? NotBlank(Environment.GetEnvironmentVariable(variable)));

        string? FromSection(string name) => NotBlank(configuration?[ConfigurationPath.Combine(section, name)]);

        static string? NotBlank(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
    }
}

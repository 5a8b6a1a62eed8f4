using System.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace QStash.Client;

/// <summary>
/// What the environment says about QStash. Each value is taken from the configuration section <c>QStash</c>, else from the
/// variable <c>QSTASH_…</c>; a blank value counts as not set. <c>QSTASH_DEV</c> is not read on purpose: it would make a
/// receiver trust publicly known keys (sharp edge 62).
/// </summary>
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

    /// <summary>Reads the settings.</summary>
    /// <param name="configuration">
    /// Where to look for <c>QStash:Url</c>, <c>QStash:Token</c>, <c>QStash:CurrentSigningKey</c>, <c>QStash:NextSigningKey</c>
    /// and then for the <c>QSTASH_…</c> keys; the process environment is the last resort, and the only one when this is
    /// <see langword="null"/>.
    /// </param>
    /// <exception cref="ArgumentException">The URL is not absolute.</exception>
    public static QStashSettings Resolve(IConfiguration? configuration)
    {
        return new QStashSettings
        {
            Url = ParseUrl(Read(nameof(Url), UrlVariable)),
            Token = Read(nameof(Token), TokenVariable),
            CurrentSigningKey = Read(nameof(CurrentSigningKey), CurrentSigningKeyVariable),
            NextSigningKey = Read(nameof(NextSigningKey), NextSigningKeyVariable)
        };

        string? Read(string name, string variable) =>
            NotBlank(configuration?[ConfigurationPath.Combine(SectionName, name)]) ??
            NotBlank(configuration?[variable]) ??
            NotBlank(Environment.GetEnvironmentVariable(variable));
    }

    /// <summary>The pair for a <see cref="QStashSignatureVerifier"/>.</summary>
    /// <exception cref="ArgumentException">A key is missing or damaged; the text names its variable.</exception>
    public QStashSigningKeyPair GetSigningKeys() => new(CurrentSigningKey ?? "", NextSigningKey ?? "");

    /// <summary>Tells the URL and which secrets are set, never their values.</summary>
    public override string ToString() =>
        $"{nameof(QStashSettings)} {{ Url = {Url}, Token = {Mask(Token)}, CurrentSigningKey = {Mask(CurrentSigningKey)}, NextSigningKey = {Mask(NextSigningKey)} }}";

    static string Mask(string? secret) => secret is null ? "missing" : "***";

    static string? NotBlank(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

    static Uri? ParseUrl(string? value) => value switch
    {
        null => null,
        _ when Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" => url,
        _ => throw new ArgumentException($"{SectionName}:{nameof(Url)} ({UrlVariable}) must be an absolute http or https URL such as https://qstash.upstash.io.")
    };
}

using System.Globalization;
using QStash.Client;

namespace MassTransit.QStash.Tests.Compliance;

/// <summary>
/// The account the compliance tests use, and the way from the internet to this machine.
/// </summary>
sealed record RealQStashSettings(Uri Url, string Token, string CurrentSigningKey, string NextSigningKey, Uri Address, int Port)
{
    public const string Reason = "The compliance tests run against a real QStash when QSTASH_TOKEN, QSTASH_CURRENT_SIGNING_KEY, QSTASH_NEXT_SIGNING_KEY (outside the EU region QSTASH_URL too) "
        + "and QSTASH_TEST_ADDRESS are set: the public address that leads to port QSTASH_TEST_PORT (5099) of this machine.";

    const int DefaultPort = 5099;

    /// <summary>Null when something is missing.</summary>
    public static RealQStashSettings? Current { get; private set; }

    /// <summary>Reads the variables before they are hidden from all other tests.</summary>
    public static void ReadEnvironment()
    {
        if (Read("QSTASH_TOKEN") is not { } token || Read("QSTASH_CURRENT_SIGNING_KEY") is not { } current
            || Read("QSTASH_NEXT_SIGNING_KEY") is not { } next || Read("QSTASH_TEST_ADDRESS") is not { } address)
            return;

        Current = new RealQStashSettings(
            Read("QSTASH_URL") is { } url ? new Uri(url) : QStashClientOptions.DefaultUrl, token, current, next, new Uri(address),
            Read("QSTASH_TEST_PORT") is { } port ? int.Parse(port, CultureInfo.InvariantCulture) : DefaultPort);
    }

    /// <summary>Not the token and the keys.</summary>
    public override string ToString() => $"{Url}, {Address}";

    static string? Read(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}

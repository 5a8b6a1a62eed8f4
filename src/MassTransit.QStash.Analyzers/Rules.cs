using System.Reflection;
using Microsoft.CodeAnalysis;

namespace MassTransit.QStash.Analyzers;

/// <summary>The diagnostics. Each rule has a page in docs/analyzers.</summary>
static class Rules
{
    const string Security = "Security";
    const string Reliability = "Reliability";

    public static readonly DiagnosticDescriptor TokenInSource = Rule(
        "QSTASH001", Security, "A QStash token belongs in the environment",
        "Anybody who reads this source can publish as you: take the token from {0}");

    public static readonly DiagnosticDescriptor SigningKeyInSource = Rule(
        "QSTASH002", Security, "A QStash signing key belongs in the environment",
        "Anybody who reads this source can sign deliveries: take the key from {0}");

    public static readonly DiagnosticDescriptor UnreachableAddress = Rule(
        "QSTASH003", Reliability, "QStash cannot reach this address",
        "QStash cannot reach '{0}' from the internet: use a public address, or UseEmulator() for development");

    public static readonly DiagnosticDescriptor PlainHttpAddress = Rule(
        "QSTASH004", Security, "A public address needs https",
        "Messages to '{0}' can be read and changed on their way: use https");

    public static readonly DiagnosticDescriptor BodyBeforeVerification = Rule(
        "QSTASH005", Security, "Verify the bytes as they were received",
        "{0}, so the verified bytes may not be the received ones: read the raw bytes, verify them, then parse them");

    public static readonly DiagnosticDescriptor OneSigningKey = Rule(
        "QSTASH006", Reliability, "QStash signs with two keys in turn",
        "{0}: deliveries are refused after the next rotation of the keys. Give both, current and next.");

    public static readonly DiagnosticDescriptor ScheduleWithoutZone = Rule(
        "QSTASH007", Reliability, "A schedule needs a time zone",
        "The hours of '{0}' are UTC, and move against local time twice a year: set a time zone, or UTC if you mean UTC");

    public static readonly DiagnosticDescriptor UnverifiedEndpoint = Rule(
        "QSTASH008", Security, "An endpoint that QStash calls has to verify the signature",
        "Anybody can call this endpoint, since it does not verify the signature: consume through MapQStash, "
            + "or use QStashSignatureVerifier first",
        WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor SwallowedFailure = Rule(
        "QSTASH009", Reliability, "The failure of a send must not get lost",
        "The message is lost when '{0}' fails, for example because of a rate limit, and nobody learns of it: {1}");

    public static readonly DiagnosticDescriptor SecretsOnTheClient = Rule(
        "QSTASH010", Security, "QStash belongs on the server",
        "Users get this program with all its secrets: use QStash on a server, and call that");

    static DiagnosticDescriptor Rule(string id, string category, string title, string message, params string[] tags) => new(
        id, title, message, category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: Docs + "analyzers/" + id + ".md",
            customTags: tags);

    /// <summary>The address of the documentation, which the build sets.</summary>
    static string Docs =>
        typeof(Rules).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "Docs").Value ?? "";
}

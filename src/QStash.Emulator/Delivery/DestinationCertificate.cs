using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace QStash.Emulator.Delivery;

/// <summary>
/// Decides about the certificate of a destination. A destination on this machine may have a self-signed certificate, such as that of
/// <c>dotnet dev-certs</c>; QStash itself never calls such a destination. Other destinations need a certificate that this machine trusts.
/// </summary>
static class DestinationCertificate
{
    /// <exception cref="RefusedCertificateException">The certificate is refused, for the reason in the text.</exception>
    public static bool Check(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
            return true;

        var host = (sender as SslStream)?.TargetHostName ?? "";

        if (IsOnThisMachine(host) && IsSelfSigned(certificate))
            return true;

        var remedy = IsOnThisMachine(host)
            ? "Trust it, let it be self-signed, or use http"
            : "A self-signed one is accepted for localhost only: use an address of this machine, http, or a certificate that it trusts";

        throw new RefusedCertificateException(
            $"the certificate of {host} is refused, since {Describe(host, certificate, chain, errors)}. {remedy}");
    }

    // Names below .localhost always lead to this machine, like localhost itself.
    static bool IsOnThisMachine(string host) =>
        IPAddress.TryParse(host.Trim('[', ']'), out var ip)
            ? IPAddress.IsLoopback(ip)
            : host.TrimEnd('.') is var name
            && (name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
                || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase));

    static bool IsSelfSigned(X509Certificate? certificate) =>
        certificate is X509Certificate2 full && full.SubjectName.RawData.AsSpan().SequenceEqual(full.IssuerName.RawData);

    static string Describe(string host, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) ? "there is none"
        : errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors)
            ? IsSelfSigned(certificate) ? "it is self-signed"
            : $"this machine does not trust it ({string.Join(", ", (chain?.ChainStatus ?? []).Select(status => status.Status).Distinct())})"
        : $"it is not for {host}";
}

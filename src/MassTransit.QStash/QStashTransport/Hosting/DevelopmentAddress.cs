using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// Finds where the server of the application is going to listen, for development with the emulator. It runs before the server starts, so it
/// knows the addresses in the configuration, but not those that code adds.
/// </summary>
static class DevelopmentAddress
{
    // Kestrel's own default.
    const int DefaultPort = 5000;

    /// <summary>The address on this machine; null when the configuration does not name it or leaves the port to the system.</summary>
    public static Uri? Find(IConfiguration configuration)
    {
        // Kestrel's endpoints win over the other settings, and may leave out the address or the port. So they are not read.
        if (configuration.GetSection("Kestrel:Endpoints").GetChildren().Any())
            return null;

        if (Split(configuration["urls"]) is { Length: > 0 } urls)
        {
            // Prefer http: then the emulator needs no trusted certificate.
            return urls.Select(Parse).OfType<BindingAddress>().OrderBy(address => address.Scheme != Uri.UriSchemeHttp)
                .Select(address => At(address.Scheme, address.Port)).FirstOrDefault();
        }

        return Split(configuration["http_ports"]) is [var port, ..]
            ? At(Uri.UriSchemeHttp, int.TryParse(port, out var number) ? number : 0)
            : At(Uri.UriSchemeHttp, DefaultPort);
    }

    static Uri? At(string scheme, int port) => port > 0 ? new Uri($"{scheme}://localhost:{port}") : null;

    static string[] Split(string? texts) =>
        texts?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    /// <summary>The addresses that the configuration tells the server to listen on; empty when they are not known.</summary>
    public static string[] FindUrls(IConfiguration? configuration)
    {
        if (configuration is null || configuration.GetSection("Kestrel:Endpoints").GetChildren().Any())
            return [];

        return Split(configuration["urls"]) is { Length: > 0 } urls
            ? urls
            : Split(configuration["http_ports"]) is { Length: > 0 } ports
                ? [.. ports.Select(port => $"http://localhost:{port}")]
                : [];
    }

    /// <summary>Reads an address of the server; null when it is not a port or cannot be read.</summary>
    public static BindingAddress? Parse(string url)
    {
        try
        {
            return BindingAddress.Parse(url) is { IsUnixPipe: false, IsNamedPipe: false } address ? address : null;
        }
        catch (FormatException)
        {
            // The server reports the error when it starts.
            return null;
        }
    }
}

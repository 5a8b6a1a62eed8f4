using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Delivery;

public sealed class A_destination_with_a_certificate_of_its_own : EmulatorTest, ILoggerProvider, ILogger
{
    readonly List<string> _log = [];
    readonly List<WebApplication> _servers = [];

    protected override QStashEmulatorOptions Options() => new()
    {
        TimeProvider = Clock,
        EnableDashboard = true,
        LoggerFactory = new LoggerFactory([this]),
    };

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var server in _servers)
            await server.DisposeAsync();
    }

    [Theory]
    [InlineData("localhost", "localhost")]
    [InlineData("127.0.0.1", "localhost")]
    [InlineData("[::1]", "localhost")]
    [InlineData("localhost", "orders.example.com")]
    public async Task Is_called_when_it_is_on_this_machine(string host, string name)
    {
        using var certificate = SelfSigned(name);
        var port = await ListenAsync(certificate);

        var id = await PublishToAsync($"https://{host}:{port}/");

        await WaitForAsync(id, "DELIVERED");
    }

    [Fact]
    public async Task Is_not_called_when_it_is_on_this_machine_and_somebody_unknown_signed_it()
    {
        using var authority = SelfSigned("authority", isAuthority: true);
        using var certificate = SignedBy(authority, "localhost");
        var port = await ListenAsync(certificate);

        await RefusedAsync($"https://localhost:{port}/", "does not trust");
    }

    [Fact]
    public async Task Is_not_called_elsewhere_and_the_reason_is_where_one_looks()
    {
        using var certificate = SelfSigned(Dns.GetHostName());
        var port = await ListenAsync(certificate);

        await RefusedAsync($"https://{Dns.GetHostName()}:{port}/", "it is self-signed. A self-signed one is accepted for localhost only");
    }

    [Fact]
    public async Task Is_asked_for_when_https_is_spoken_to_a_port_of_http()
    {
        await RefusedAsync($"https://localhost:{new Uri(Sink.Url).Port}/", "does the destination speak https on this port?");
    }

    async Task RefusedAsync(string url, string reason)
    {
        var id = await PublishToAsync(url);
        await WaitForAsync(id, "FAILED");

        Assert.Contains(reason, Assert.Single(_log, line => line.StartsWith(id, StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains(reason, (await GetAsync("/dashboard/users/defaultUser/dlq")).Text, StringComparison.Ordinal);
        Assert.Contains(reason, (await GetAsync("/v2/logs?messageId=" + id)).Text, StringComparison.Ordinal);
    }

    async Task<string> PublishToAsync(string url) => (await CallAsync("POST", "/v2/publish/" + url, "x", "Upstash-Retries: 0")).Id;

    async Task WaitForAsync(string id, string state)
    {
        await Emulator.WaitUntilIdleAsync(Cancellation);

        Assert.Contains($"\"state\":\"{state}\"", (await GetAsync("/v2/logs?messageId=" + id)).Text, StringComparison.Ordinal);
    }

    async Task<int> ListenAsync(X509Certificate2 certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.IPv6Any, 0, listen => listen.UseHttps(certificate)));
        var server = builder.Build();
        server.MapPost("/", () => "ok");
        await server.StartAsync(Cancellation);
        _servers.Add(server);

        return new Uri(server.Urls.Single()).Port;
    }

    static X509Certificate2 SelfSigned(string name, bool isAuthority = false)
    {
        using var key = RSA.Create(2048);
        var request = Request(name, key, isAuthority);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));

        return Usable(certificate);
    }

    static X509Certificate2 SignedBy(X509Certificate2 authority, string name)
    {
        using var key = RSA.Create(2048);
        using var certificate = Request(name, key, isAuthority: false)
            .Create(authority, authority.NotBefore, authority.NotAfter, [1, 2, 3, 4]);
        using var withKey = certificate.CopyWithPrivateKey(key);

        return Usable(withKey);
    }

    static CertificateRequest Request(string name, RSA key, bool isAuthority)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));

        return request;
    }

    // Windows serves only keys that came from a file.
    static X509Certificate2 Usable(X509Certificate2 certificate) =>
        X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);

    ILogger ILoggerProvider.CreateLogger(string categoryName) => this;

    void IDisposable.Dispose()
    {
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_log)
            _log.Add(formatter(state, exception));
    }
}

using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace QStash.Client.Tests;

/// <summary>The client speaks HTTP/2 where the server does.</summary>
public sealed class A_call : IAsyncLifetime
{
    const int Streams = 2;

    readonly ConcurrentQueue<string> _protocols = new();
    readonly ConcurrentDictionary<string, bool> _connections = new();
    readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly X509Certificate2 _certificate = CreateCertificate();
    readonly CountdownEvent _arrivals = new(3 * Streams);
    bool _isGated;
    WebApplication _server = null!;

    [Theory]
    [InlineData(HttpProtocols.Http1AndHttp2, true, "HTTP/2")]
    [InlineData(HttpProtocols.Http2, true, "HTTP/2")]
    [InlineData(HttpProtocols.Http1, true, "HTTP/1.1")]
    [InlineData(HttpProtocols.Http1AndHttp2, false, "HTTP/1.1")]
    [InlineData(HttpProtocols.Http1, false, "HTTP/1.1")]
    public async Task Goes_over_the_best_protocol_that_the_server_offers(HttpProtocols offered, bool tls, string expected)
    {
        await using var provider = await StartAsync(offered, tls);
        var client = provider.GetRequiredService<IQStashClient>();

        await client.UrlGroups.ListAsync(Cancellation);
        await client.PublishAsync(new() { Destination = "https://example.com/a//b?c=%2F", DeduplicationId = "1" }, Cancellation);

        Assert.Equal([$"{expected} /v2/topics", $"{expected} /v2/publish/https://example.com/a//b?c=%2F"], _protocols);
        Assert.Single(_connections);
    }

    [Fact]
    public async Task Does_not_wait_for_others_when_the_streams_of_a_connection_are_used_up()
    {
        _isGated = true;
        await using var provider = await StartAsync(HttpProtocols.Http1AndHttp2, tls: true);
        var client = provider.GetRequiredService<IQStashClient>();

        var calls = Enumerable.Range(0, _arrivals.InitialCount).Select(_ => client.UrlGroups.ListAsync(Cancellation)).ToArray();
        await Task.Run(() => _arrivals.Wait(Cancellation), Cancellation);
        _gate.SetResult();
        await Task.WhenAll(calls);

        Assert.All(_protocols, protocol => Assert.StartsWith("HTTP/2 ", protocol, StringComparison.Ordinal));
        Assert.Equal(3, _connections.Count);
    }

    async Task<ServiceProvider> StartAsync(HttpProtocols protocols, bool tls)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.Http2.MaxStreamsPerConnection = Streams;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = protocols;
                if (tls)
                    listen.UseHttps(_certificate);
            });
        });

        _server = builder.Build();
        _server.Run(async context =>
        {
            _protocols.Enqueue($"{context.Request.Protocol} {context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget}");
            _connections.TryAdd(context.Connection.Id, true);
            if (_isGated)
            {
                _arrivals.Signal();
                await _gate.Task;
            }

            await context.Response.WriteAsync(HttpMethods.IsGet(context.Request.Method) ? "[]" : """{"messageId":"msg_1"}""", Cancellation);
        });
        await _server.StartAsync(Cancellation);

        var services = new ServiceCollection();
        services.AddQStashClient(options =>
        {
            options.Url = new Uri(_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
            options.Token = ScriptedQStash.Token;
        });
        services.AddQStashHttpClient()
            .UseSocketsHttpHandler((handler, _) => handler.SslOptions.RemoteCertificateValidationCallback =
                (_, certificate, _, _) => _certificate.Equals(certificate));
        return services.BuildServiceProvider();
    }

    static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _arrivals.Dispose();
        await _server.DisposeAsync();
        _certificate.Dispose();
    }
}

using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MassTransit.QStash.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using QStash.Emulator;

#pragma warning disable QSTASH003 // Nothing is sent to these addresses.

namespace MassTransit.QStash.Tests;

public class A_base_address_on_this_machine
{
    const string Complaint = "listens on";

    [Fact]
    public async Task Is_complained_of_when_the_server_listens_on_another_port()
    {
        await using var cloud = await Cloud.StartAsync();

        var orders = await Start(cloud, cfg => cfg.Host("http://localhost:5999"));

        var line = Assert.Single(orders.Log.Warnings, text => text.Contains(Complaint, StringComparison.Ordinal));
        Assert.Contains("http://localhost:5999/qstash/", line, StringComparison.Ordinal);
        Assert.Contains(orders.LocalAddress.Authority, line, StringComparison.Ordinal);
        Assert.Contains("QStash:BaseAddress", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_complained_of_when_it_is_that_of_the_instance()
    {
        await using var cloud = await Cloud.StartAsync();

        var orders = await Start(cloud, cfg => cfg.Host(h => h.InstanceBaseAddress(new Uri("http://127.0.0.1:5999"))));

        Assert.Single(orders.Log.Warnings, text => text.Contains(Complaint, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Is_fine_when_the_server_listens_there()
    {
        await using var cloud = await Cloud.StartAsync();
        var port = FreePort.Find();

        var orders = await Start(cloud, cfg => cfg.Host($"http://localhost:{port}"), $"http://127.0.0.1:{port}");

        Assert.DoesNotContain(orders.Log.Warnings, text => text.Contains(Complaint, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Says_nothing_about_a_public_one()
    {
        await using var cloud = await Cloud.StartAsync();

        var orders = await Start(cloud, _ => { });

        Assert.DoesNotContain(orders.Log.Warnings, text => text.Contains(Complaint, StringComparison.Ordinal));
    }

    // As `dotnet run` starts what `dotnet new webapi` made: with a port from launchSettings.json, and a redirection to https.
    [Theory]
    [InlineData("http://localhost:{0}")]
    [InlineData("https://localhost:{1};http://127.0.0.1:{0}")]
    public async Task Is_that_of_the_server_when_the_emulator_is_used_and_none_is_set(string urls)
    {
        await using var emulator = await QStashEmulator.StartAsync(cancellationToken: Cancellation);
        var (port, observed) = (FreePort.Find(), new Observed());
        var builder = WebApplication.CreateSlimBuilder(["--urls", string.Format(CultureInfo.InvariantCulture, urls, port, FreePort.Find())]);
        builder.Services.AddSingleton(observed).AddHttpsRedirection(options => options.HttpsPort = 443);
        builder.Services.AddMassTransit(x =>
        {
            x.AddConsumer<Recorder<OrderSubmitted>>();
            x.UsingQStash((context, cfg) =>
            {
                cfg.Host(h => h.UseEmulator(emulator.Url));
                cfg.ConfigureEndpoints(context);
            });
        });
        await using var app = builder.Build();
        app.UseHttpsRedirection();
        app.MapQStash();
        app.Urls.Clear();
        app.Urls.Add($"http://127.0.0.1:{port}");
        await app.StartAsync(Cancellation);
        await app.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, TimeSpan.FromSeconds(30));

        await app.Services.GetRequiredService<IBus>().Publish(new OrderSubmitted("42"), Cancellation);
        var consumed = await observed.WaitForAsync<OrderSubmitted>();

        Assert.StartsWith($"http://localhost:{port}/qstash/", consumed.ReceiveContext.InputAddress.AbsoluteUri, StringComparison.Ordinal);
    }

    // With the certificate that `dotnet dev-certs` makes, which nobody need trust.
    [Fact]
    public async Task May_be_https_alone_with_the_emulator()
    {
        await using var emulator = await QStashEmulator.StartAsync(cancellationToken: Cancellation);
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var usable = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
        var observed = new Observed();
        var builder = WebApplication.CreateSlimBuilder(["--urls", $"https://localhost:{FreePort.Find()}"]);
        builder.WebHost.UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel => kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = usable));
        builder.Services.AddSingleton(observed);
        builder.Services.AddMassTransit(x =>
        {
            x.AddConsumer<Recorder<OrderSubmitted>>();
            x.UsingQStash((context, cfg) =>
            {
                cfg.Host(h => h.UseEmulator(emulator.Url));
                cfg.ConfigureEndpoints(context);
            });
        });
        await using var app = builder.Build();
        app.MapQStash();
        await app.StartAsync(Cancellation);
        await app.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, TimeSpan.FromSeconds(30));

        await app.Services.GetRequiredService<IBus>().Publish(new OrderSubmitted("42"), Cancellation);

        Assert.Equal("https", (await observed.WaitForAsync<OrderSubmitted>()).ReceiveContext.InputAddress.Scheme);
    }

    // Without a prefix any path of one segment may be an endpoint's. A path may end as that of an endpoint does.
    [Theory]
    [InlineData("orders", "/orders/qstash/page", false)]
    [InlineData("", "/page", false)]
    [InlineData("", "/admin/orders", true)]
    [InlineData("", "/orders", true)]
    [InlineData("qstash", "/admin/qstash/orders", true)]
    [InlineData("qstash", "/qstash/orders/page", true)]
    public async Task Excuses_no_other_route_from_a_redirection_to_https(string prefix, string page, bool routesLater)
    {
        await using var emulator = await QStashEmulator.StartAsync(cancellationToken: Cancellation);
        var port = FreePort.Find();
        var builder = WebApplication.CreateSlimBuilder(["--urls", $"http://127.0.0.1:{port}"]);
        builder.Services.AddHttpsRedirection(options => options.HttpsPort = 443);
        builder.Services.AddMassTransit(x => x.UsingQStash((_, cfg) =>
        {
            cfg.Host(h =>
            {
                h.UseEmulator(emulator.Url);
                h.PathPrefix(prefix);
            });
            cfg.ReceiveEndpoint("orders", e => e.Handler<OrderSubmitted>(_ => Task.CompletedTask));
        }));
        await using var app = builder.Build();
        app.UseHttpsRedirection();
        if (routesLater)
            app.UseRouting();
        app.MapQStash();
        app.MapPost(page, () => "a page");
        await app.StartAsync(Cancellation);
        using var stranger = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        stranger.DefaultRequestHeaders.Add("Upstash-Signature", "a.b.c");

        using var answer = await stranger.PostAsync(new Uri($"http://127.0.0.1:{port}{page}"), null, Cancellation);

        Assert.Equal(HttpStatusCode.TemporaryRedirect, answer.StatusCode);
    }

    // A middleware that decodes the body would leave another one than was signed.
    [Theory]
    [InlineData("")]
    [InlineData("qstash")]
    public async Task Keeps_bodies_from_being_decoded_before_their_signature_is_checked(string prefix)
    {
        await using var cloud = await Cloud.StartAsync();
        await using var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.Services.AddRequestDecompression();
            s.AddBus(null, (_, cfg) =>
            {
                cfg.Host(h => h.PathPrefix(prefix));
                cfg.ReceiveEndpoint("orders", e =>
                {
                    e.UseRawJsonDeserializer();
                    e.Handler<OrderSubmitted>(_ => Task.CompletedTask);
                });
            });
            s.Map(app =>
            {
                app.UseRequestDecompression();
                app.UseRouting();
                app.MapQStash();
            });
        });
        var path = prefix.Length > 0 ? "/qstash/orders" : "/orders";
        var delivery = Delivery.Of(cloud, "http://orders.test" + path, "not compressed");
        using var request = delivery.To(new Uri(orders.LocalAddress, path), delivery.Sign());
        request.Content!.Headers.ContentEncoding.Add("gzip");
        using var http = new HttpClient();

        using var answer = await http.SendAsync(request, Cancellation);

        Assert.Equal(489, (int)answer.StatusCode);
        Assert.Contains("which receive endpoints do not decode", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    // Behind a proxy that leaves the path as it is, and one that removes its beginning. The last two are
    // the second of two paths, and one that both of them match.
    [Theory]
    [InlineData("/api/qstash/orders", "billing")]
    [InlineData("/qstash/orders", "billing")]
    [InlineData("/api/billing/orders", "billing")]
    [InlineData("/api/qstash/orders", "api/qstash")]
    public async Task Excuses_its_endpoints_from_a_redirection_to_https(string path, string billing)
    {
        await using var emulator = await QStashEmulator.StartAsync(cancellationToken: Cancellation);
        var port = FreePort.Find();
        var builder = WebApplication.CreateSlimBuilder(["--urls", $"http://127.0.0.1:{port}"]);
        builder.Services.AddHttpsRedirection(options => options.HttpsPort = 443);
        builder.Services.AddMassTransit<IBillingBus>(x => x.UsingQStash((_, cfg) =>
        {
            cfg.Host("http://orders.test/api", h =>
            {
                h.UseEmulator(emulator.Url);
                h.PathPrefix(billing);
            });
            cfg.ReceiveEndpoint("orders", e => e.Handler<ChargeCard>(_ => Task.CompletedTask));
        }));
        builder.Services.AddMassTransit(x => x.UsingQStash((_, cfg) =>
        {
            cfg.Host("http://orders.test/api", h => h.UseEmulator(emulator.Url));
            cfg.ReceiveEndpoint("orders", e => e.Handler<OrderSubmitted>(_ => Task.CompletedTask));
        }));
        await using var app = builder.Build();
        app.UseHttpsRedirection();
        app.UsePathBase("/api");
        app.UseRouting();
        app.MapQStash();
        await app.StartAsync(Cancellation);
        using var stranger = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        stranger.DefaultRequestHeaders.Add("Upstash-Signature", "a.b.c");

        using var answer = await stranger.PostAsync(new Uri($"http://127.0.0.1:{port}{path}"), null, Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    public interface IBillingBus : IBus;

    static async Task<Service> Start(Cloud cloud, Action<IQStashBusFactoryConfigurator> host, string? listen = null)
    {
        var orders = cloud.Build("orders", s =>
        {
            s.AddBus(null, (_, cfg) =>
            {
                host(cfg);
                cfg.ReceiveEndpoint("orders", e => e.Handler<OrderSubmitted>(_ => Task.CompletedTask));
            });
            s.Map(app =>
            {
                app.MapQStash();
                if (listen is not null)
                {
                    app.Urls.Clear();
                    app.Urls.Add(listen);
                }
            });
        });
        await orders.StartAsync();

        return orders;
    }
}

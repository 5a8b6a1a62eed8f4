using System.Net;
using System.Text;
using MassTransit.QStash.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MassTransit.QStash.Tests;

/// <summary>
/// What strangers can do to a service besides sending tokens (S1): broken, large, slow and many requests.
/// </summary>
[Collection(nameof(Alone))]
public sealed class An_endpoint_under_attack : IAsyncLifetime
{
    const string Path = "/qstash/orders";
    const string PublicUrl = "http://orders.test/qstash/orders";

    readonly HttpClient _http = new();
    Cloud _cloud = null!;

    public async ValueTask InitializeAsync() => _cloud = await Cloud.StartAsync();

    [Theory]
    [InlineData("genuine", "genuine")]
    [InlineData("genuine", "forged")]
    [InlineData("forged", "genuine")]
    public async Task Refuses_two_signatures(string first, string second)
    {
        var orders = await Start();
        var delivery = Order("42");
        string Line(string signature) => $"Upstash-Signature: {(signature == "genuine" ? delivery.Sign() : Forged())}";

        Assert.Equal(401, await SendRaw(orders, [.. RawConnection.Request(Path, delivery.Body.Length, Line(first), Line(second)), .. delivery.Body]));
        Assert.Empty(orders.Observed.Messages<OrderSubmitted>());
    }

    // The verifier's limit is 8192 characters, the server's 32 KiB for all headers.
    [Theory]
    [InlineData(8_193, 401)]
    [InlineData(30_000, 401)]
    [InlineData(40_000, 431)]
    public async Task Refuses_a_huge_signature(int length, int status)
    {
        var orders = await Start();

        Assert.Equal(status, await SendRaw(orders, RawConnection.Request(Path, 0, $"Upstash-Signature: {new string('a', length)}")));
        Assert.DoesNotContain(orders.Log.Lines, line => line.Contains("aaaaaaaa", StringComparison.Ordinal));
    }

    // Headers are not signed, so anybody who captured a delivery can change them.
    [Theory]
    [InlineData("MassTransit-Headers: {\"a\":null}")]
    [InlineData("MassTransit-Headers: {\"a\":{\"b\":1}}")]
    [InlineData("MassTransit-Headers: [")]
    [InlineData("MassTransit-Headers: {\"a\":\"b\"} {}")]
    [InlineData("MassTransit-Headers: {\"a\":\"\\ud800\"}")]
    [InlineData("Upstash-Retried: -99999999999999999999")]
    [InlineData("Upstash-Retried: 1, 2")]
    [InlineData("Upstash-Message-Id: ")]
    [InlineData("Upstash-Topic-Name: ../../etc/passwd")]
    [InlineData("Content-Encoding: gzip")]
    [InlineData("Upstash-Region: MARS-1")]
    [InlineData("Upstash-Region: ")]
    public async Task Consumes_a_signed_delivery_whatever_its_other_headers_say(string header)
    {
        var orders = await Start();
        var delivery = Order("42");

        Assert.Equal(200, await SendRaw(orders, [.. RawConnection.Request(Path, delivery.Body.Length, $"Upstash-Signature: {delivery.Sign()}", header), .. delivery.Body]));
        Assert.Equal("42", Assert.Single(orders.Observed.Messages<OrderSubmitted>()).OrderId);
    }

    // The header is not signed, and only chooses among the keys the service was given.
    [Theory]
    [InlineData("default", "", 200)]
    [InlineData("default", "EU-CENTRAL-1", 200)]
    [InlineData("default", "MARS-1", 200)]
    [InlineData("default", "US-EAST-1", 401)]
    [InlineData("US", "US-EAST-1", 200)]
    [InlineData("US", "us_east_1", 200)]
    [InlineData("US", "", 401)]
    [InlineData("US", "EU-CENTRAL-1", 401)]
    [InlineData("US", "MARS-1", 401)]
    [InlineData("US", "US-EAST-1,EU-CENTRAL-1", 401)]
    [InlineData("stranger's", "US-EAST-1", 401)]
    public async Task Takes_the_keys_of_a_region_for_that_region_only(string key, string region, int status)
    {
        var orders = await Start(host: h => h.RegionSigningKeys("US_EAST_1", "sig_usCurrent", "sig_usNext"));
        var body = """{"orderId":"42"}"""u8.ToArray();
        var delivery = new Delivery
        {
            PublicUrl = PublicUrl,
            Now = _cloud.Clock.GetUtcNow(),
            SigningKey = key switch { "default" => _cloud.Emulator.DefaultUser.CurrentSigningKey, "US" => "sig_usNext", _ => "sig_somebodyElse" },
            Body = body,
        };

        Assert.Equal(status, await SendRaw(orders, [.. RawConnection.Request(Path, body.Length, $"Upstash-Signature: {delivery.Sign()}", $"Upstash-Region: {region}"), .. body]));
    }

    [Fact]
    public async Task Does_not_wait_for_the_body_of_a_stranger()
    {
        const int connections = 2_000;
        var orders = await Start(WithoutDebugLog);
        var request = RawConnection.Request(Path, contentLength: 9_000_000, $"Upstash-Signature: {Forged()}");
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var strangers = await Task.WhenAll(Enumerable.Range(0, connections).Select(async _ =>
        {
            var connection = await RawConnection.OpenAsync(orders.LocalAddress);
            await connection.SendAsync((byte[])[.. request, (byte)'{']);

            return connection;
        }));
        await PublishOrders(orders, 100);

        Assert.All(await Task.WhenAll(strangers.Select(stranger => stranger.ReadStatusesAsync())), statuses => Assert.Equal([401], statuses));
        AssertConsumedOnce(orders, 100);
        // They claim 9 MB each. Both ends of the connection and its share of the good messages are counted.
        var growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(growth < connections * 64 * 1024, $"{growth / connections} bytes for each connection");

        foreach (var stranger in strangers)
            stranger.Dispose();
    }

    // With a captured token the body is read, at no less than the server's minimum rate (Kestrel's MinRequestBodyDataRate).
    [Fact]
    public async Task Gives_up_a_body_that_comes_too_slowly()
    {
        var orders = await Start(s => s.Services.Configure<KestrelServerOptions>(kestrel =>
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(1.1))));
        var captured = Order("42");

        Assert.Equal(400, await SendRaw(orders, [.. RawConnection.Request(Path, captured.Body.Length, $"Upstash-Signature: {captured.Sign()}"), (byte)'{']));

        AssertNothingHappened(orders);
    }

    // A middleware of the application can say the same as a connection that breaks; but then somebody waits for the answer (AP3).
    [Fact]
    public async Task Does_not_acknowledge_a_body_that_the_application_cuts_off()
    {
        var orders = await Start(s => s.Map(app =>
        {
            app.Use((http, next) =>
            {
                http.RequestAborted = new CancellationToken(canceled: true);

                return next(http);
            });
            app.MapQStash();
        }));
        var captured = Order("42");

        Assert.Equal(503, await SendRaw(orders, [.. RawConnection.Request(Path, captured.Body.Length, $"Upstash-Signature: {captured.Sign()}"), (byte)'{']));

        Assert.Empty(orders.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task Drops_a_delivery_that_breaks_off()
    {
        var orders = await Start();
        var captured = Order("42");
        using (var connection = await RawConnection.OpenAsync(orders.LocalAddress))
            await connection.SendAsync((byte[])[.. RawConnection.Request(Path, captured.Body.Length, $"Upstash-Signature: {captured.Sign()}"), (byte)'{']);

        await PublishOrders(orders, 1);

        Assert.Single(orders.Observed.Messages<OrderSubmitted>());
        Assert.Empty(orders.Log.Warnings);
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked", "zz\r\n")]
    [InlineData("Transfer-Encoding: chunked", "5\r\nab")]
    public async Task Refuses_a_body_that_is_not_HTTP(string header, string body)
    {
        var orders = await Start(s => s.Services.Configure<KestrelServerOptions>(kestrel =>
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(1.1))));
        var captured = Order("42");
        var request = $"POST {Path} HTTP/1.1\r\nHost: orders.test\r\n{header}\r\nUpstash-Signature: {captured.Sign()}\r\n\r\n{body}";

        Assert.Equal(400, await SendRaw(orders, Encoding.ASCII.GetBytes(request)));

        AssertNothingHappened(orders);
    }

    [Fact]
    public async Task Consumes_everything_that_is_genuine_among_ten_thousand_bad_requests()
    {
        const int connections = 1_000;
        const int requests = 10;
        const int good = 500;
        var memory = 0L;
        var orders = await Start(
            WithoutDebugLog,
            () => memory = Math.Max(memory, GC.GetTotalMemory(forceFullCollection: false)));
        var captured = Order("42");
        byte[][] bad =
        [
            RawConnection.Request(Path, 0),
            RawConnection.Request(Path, 0, "Upstash-Signature: garbage"),
            RawConnection.Request(Path, 0, $"Upstash-Signature: {Forged()}"),
            RawConnection.Request(Path, 0, $"Upstash-Signature: {captured.Sign(claims => claims["sub"] = "http://orders.test/qstash/archive")}"),
            [.. RawConnection.Request(Path, 2, $"Upstash-Signature: {captured.Sign()}"), .. "{}"u8],
        ];
        byte[] flood = [.. Enumerable.Repeat(bad, requests / bad.Length).SelectMany(batch => batch).SelectMany(request => request)];
        var strangers = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => RawConnection.OpenAsync(orders.LocalAddress)));
        var before = GC.GetTotalMemory(forceFullCollection: true);

        // Every bad request is under way before the first answer is read.
        await Task.WhenAll([.. strangers.Select(stranger => stranger.SendAsync(flood)), PublishOrders(orders, good)]);
        var answers = await Task.WhenAll(strangers.Select(stranger => stranger.ReadStatusesAsync(requests)));

        Assert.All(answers, statuses => Assert.Equal(Enumerable.Repeat(401, requests), statuses));
        AssertConsumedOnce(orders, good);
        Assert.All(orders.Observed.Contexts<OrderSubmitted>(), context => Assert.False(context.ReceiveContext.Redelivered));
        Assert.True(memory - before < 128 * 1024 * 1024, $"grew by {memory - before} bytes");
        TestContext.Current.TestOutputHelper!.WriteLine($"The heap grew by {(memory - before) / 1024 / 1024} MB at most.");

        foreach (var stranger in strangers)
            stranger.Dispose();
    }

    [Fact]
    public async Task Loses_nothing_when_the_keys_are_rotated_in_the_middle_of_a_load()
    {
        var orders = await Start();

        var publishing = PublishOrders(orders, 200);
        await _cloud.Client.SigningKeys.RotateAsync(Cancellation);
        await publishing;

        AssertConsumedOnce(orders, 200);
        Assert.Empty(orders.Log.Warnings);
    }

    // Rotated twice, a receiver that still has the first pair refuses. QStash retries until it has the new one.
    [Fact]
    public async Task Loses_nothing_when_the_keys_are_rotated_twice_before_it_is_deployed_again()
    {
        var orders = await Start();
        await _cloud.Client.SigningKeys.RotateAsync(Cancellation);
        var keys = await _cloud.Client.SigningKeys.RotateAsync(Cancellation);
        await PublishOrders(orders, 20);
        Assert.Empty(orders.Observed.Messages<OrderSubmitted>());
        Assert.NotEmpty(orders.Log.Warnings);
        Assert.All(orders.Log.Warnings, line => Assert.Contains("InvalidSignature", line, StringComparison.Ordinal));

        await orders.StopAsync();
        var deployed = await Start(host: h => h.SigningKeys(keys.Current, keys.Next));
        await _cloud.AdvanceAsync(TimeSpan.FromMinutes(1));

        AssertConsumedOnce(deployed, 20);
    }

    // The routes take a rate limit like any other; QStash counts the 429 as a failed attempt and comes again.
    [Fact]
    public async Task Can_be_given_a_rate_limit_that_loses_nothing()
    {
        var consuming = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var orders = await Start(s =>
        {
            s.Services.AddSingleton<Func<Task>>(() =>
            {
                consuming.TrySetResult();
                return release.Task;
            });
            s.Services.AddRateLimiter(limiter =>
            {
                limiter.RejectionStatusCode = 429;
                limiter.AddConcurrencyLimiter("qstash", options => options.PermitLimit = 1);
            });
            s.Map(app =>
            {
                app.UseRateLimiter();
                app.MapQStash().RequireRateLimiting("qstash");
            });
        });

        await orders.Publish(new OrderSubmitted("0"));
        await consuming.Task.WaitAsync(Cancellation);
        var limited = Order("1");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await _http.SendAsync(limited.To(new Uri(orders.LocalAddress, Path), limited.Sign()), Cancellation)).StatusCode);
        await orders.Publish(new OrderSubmitted("1"));
        release.SetResult();
        await _cloud.WaitUntilIdleAsync();
        await _cloud.AdvanceAsync(TimeSpan.FromMinutes(1));

        AssertConsumedOnce(orders, 2);
    }

    Task<Service> Start(Action<ServiceBuilder>? configure = null, Action? consumed = null, Action<IQStashHostConfigurator>? host = null) =>
        _cloud.StartServiceAsync("orders", s =>
        {
            configure?.Invoke(s);
            s.AddBus(
                x => x.AddConsumer<Recorder<OrderSubmitted>>(),
                (context, cfg) =>
                {
                    if (host is not null)
                        cfg.Host(host);

                    cfg.ReceiveEndpoint("orders", e =>
                    {
                        e.UseRawJsonDeserializer();
                        e.UseInlineFilter(async (receive, next) =>
                        {
                            consumed?.Invoke();
                            await (context.GetService<Func<Task>>()?.Invoke() ?? Task.CompletedTask);
                            await next.Send(receive);
                        });
                        e.ConfigureConsumer<Recorder<OrderSubmitted>>(context);
                    });
                });
        });

    // The recorder would hold many lines for each request.
    static void WithoutDebugLog(ServiceBuilder service) =>
        service.Services.Configure<LoggerFilterOptions>(filter => filter.MinLevel = LogLevel.Warning);

    async Task PublishOrders(Service orders, int count)
    {
        await Task.WhenAll(Enumerable.Range(0, count).Select(id => orders.Publish(new OrderSubmitted($"{id}"))));
        await _cloud.WaitUntilIdleAsync();
    }

    Delivery Order(string id) => Delivery.Of(_cloud, PublicUrl, $$"""{"orderId":"{{id}}"}""");

    // All is right but the key.
    string Forged() => new Delivery
    {
        PublicUrl = PublicUrl,
        Now = _cloud.Clock.GetUtcNow(),
        SigningKey = "sig_somebodyElse",
    }.Sign();

    static async Task<int> SendRaw(Service service, byte[] request)
    {
        using var connection = await RawConnection.OpenAsync(service.LocalAddress);
        await connection.SendAsync(request);

        return (await connection.ReadStatusesAsync())[0];
    }

    static void AssertConsumedOnce(Service service, int count) => Assert.Equal(
        Enumerable.Range(0, count).Select(id => $"{id}").Order(StringComparer.Ordinal),
        service.Observed.Messages<OrderSubmitted>().Select(order => order.OrderId).Order(StringComparer.Ordinal));

    static void AssertNothingHappened(Service service)
    {
        Assert.Empty(service.Observed.Messages<OrderSubmitted>());
        // Strangers must not fill the log.
        Assert.Empty(service.Log.Warnings);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _cloud.DisposeAsync();
    }
}

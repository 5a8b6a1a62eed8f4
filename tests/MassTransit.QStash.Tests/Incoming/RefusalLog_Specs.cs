using System.Net;
using MassTransit.QStash.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.QStash.Tests;

/// <summary>
/// What is genuine and refused is a mistake in the settings, and the log says which.
/// </summary>
public sealed class The_log_of_a_genuine_delivery_that_was_refused : IAsyncDisposable
{
    readonly HttpClient _http = new();
    Cloud _cloud = null!;
    Service _orders = null!;

    [Theory]
    [InlineData("http://orders.test/api/qstash/orders", "http://orders.test/api/qstash/orders")]
    [InlineData("https://orders.test/qstash/orders", "https://orders.test/qstash/orders")]
    [InlineData("http://orders.test/qstash/orders/", "a slash at the end")]
    [InlineData("http://orders.test/qstash/Orders", "upper and lower case")]
    [InlineData("http://Orders.test/qstash/orders", "http://Orders.test/")]
    public async Task Tells_both_addresses_when_it_was_signed_for_another(string signedFor, string text)
    {
        await Start();

        Assert.Equal(HttpStatusCode.Unauthorized, await Deliver(signedFor, TimeSpan.Zero));

        var line = Assert.Single(_orders.Log.Warnings);
        Assert.Contains(text, line, StringComparison.Ordinal);
        Assert.Contains("http://orders.test/qstash/orders", line, StringComparison.Ordinal);
        Assert.Contains("QStash:BaseAddress", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keeps_the_secrets_of_the_other_address()
    {
        await Start();

        await Deliver("https://user:s3cret@other.test/hook?token=s3cret", TimeSpan.Zero);

        var line = Assert.Single(_orders.Log.Warnings);
        Assert.Contains("https://…@other.test/hook?…", line, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tells_no_address_that_nobody_vouches_for()
    {
        await Start();

        await Deliver("http://attacker.test/", TimeSpan.Zero, key: "sig_somebodyElse");

        Assert.DoesNotContain("attacker", Assert.Single(_orders.Log.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(12, "00:00:12 behind")]
    [InlineData(-400, "00:06:40 ahead of")]
    public async Task Tells_by_how_much_the_clocks_differ(int seconds, string text)
    {
        await Start();

        Assert.Equal(HttpStatusCode.Unauthorized, await Deliver("http://orders.test/qstash/orders", TimeSpan.FromSeconds(seconds)));

        var line = Assert.Single(_orders.Log.Warnings);
        Assert.Contains(text, line, StringComparison.Ordinal);
        Assert.Contains("QStash:ClockTolerance", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(120, HttpStatusCode.OK)]
    [InlineData(121, HttpStatusCode.Unauthorized)]
    [InlineData(-419, HttpStatusCode.OK)]
    [InlineData(-420, HttpStatusCode.Unauthorized)]
    public async Task Is_empty_within_the_tolerance_that_was_set(int seconds, HttpStatusCode status)
    {
        await Start(h => h.ClockTolerance(TimeSpan.FromMinutes(2)));

        Assert.Equal(status, await Deliver("http://orders.test/qstash/orders", TimeSpan.FromSeconds(seconds)));

        Assert.Equal(status == HttpStatusCode.OK, _orders.Log.Warnings.Count == 0);
    }

    [Fact]
    public async Task Is_empty_within_the_tolerance_of_the_configuration()
    {
        await Start(configure: s => s.Configuration.AddInMemoryCollection([new("QStash:ClockTolerance", "00:05:00")]));

        Assert.Equal(HttpStatusCode.OK, await Deliver("http://orders.test/qstash/orders", TimeSpan.FromMinutes(5)));
    }

    [Fact]
    public async Task Tells_of_a_replay_for_as_long_as_the_token_is_tolerated()
    {
        await Start(
            h =>
            {
                h.ClockTolerance(TimeSpan.FromMinutes(2));
                h.UseReplayGuard();
            },
            s => s.Services.AddDistributedMemoryCache());
        var delivery = Create("http://orders.test/qstash/orders", TimeSpan.FromSeconds(-400));
        var signature = delivery.Sign();

        Assert.Equal(HttpStatusCode.OK, await Send(delivery, signature));
        Assert.Equal(HttpStatusCode.Unauthorized, await Send(delivery, signature));
    }

    [Theory]
    [InlineData("other headers", 401)]
    [InlineData("a token that came before", 401)]
    [InlineData("a token without id", 401)]
    [InlineData("the body is too large", 413)]
    public async Task Names_the_reason_of_what_it_leaves_out(string reason, int status)
    {
        await Start(
            h =>
            {
                h.MaxBodySize(1_000);
                if (reason.StartsWith("a token", StringComparison.Ordinal))
                    h.UseReplayGuard();
            },
            s => s.Services.AddDistributedMemoryCache());
        var delivery = Create("http://orders.test/qstash/orders", TimeSpan.Zero, body: new byte[reason == "the body is too large" ? 1_001 : 0]);
        var signature = delivery.Sign(claims =>
        {
            if (reason == "a token without id")
                claims.Remove("jti");
        });
        await Send(delivery, signature);

        // The log takes ten of a kind in a minute.
        for (var i = 0; i < 12; i++)
            Assert.Equal(status, (int)await Send(delivery, signature, retried: reason == "other headers" ? "1" : null));

        await _cloud.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.EndsWith($": {reason}", Assert.Single(_orders.Log.Warnings, line => line.StartsWith("Left out", StringComparison.Ordinal)).TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(301)]
    public async Task Cannot_be_avoided_by_a_tolerance_that_makes_no_sense(int seconds)
    {
        _cloud = await Cloud.StartAsync();

        var exception = Assert.Throws<ConfigurationException>(() => _cloud.Build("orders",
            s => s.AddBus(null, (_, cfg) => cfg.Host(h => h.ClockTolerance(TimeSpan.FromSeconds(seconds))))));

        Assert.Contains("QStash:ClockTolerance", exception.Message, StringComparison.Ordinal);
    }

    async Task Start(Action<IQStashHostConfigurator>? host = null, Action<ServiceBuilder>? configure = null)
    {
        _cloud = await Cloud.StartAsync();

        // The claims are whole seconds.
        _cloud.Clock.Advance(TimeSpan.FromTicks(TimeSpan.TicksPerSecond - (_cloud.Clock.GetUtcNow().Ticks % TimeSpan.TicksPerSecond)));
        _orders = await _cloud.StartServiceAsync("orders", s =>
        {
            configure?.Invoke(s);
            s.AddBus(null, (_, cfg) =>
            {
                cfg.Host(h => host?.Invoke(h));
                cfg.ReceiveEndpoint("orders", e =>
                {
                    e.UseRawJsonDeserializer();
                    e.Handler<OrderSubmitted>(_ => Task.CompletedTask);
                });
            });
        });
    }

    Task<HttpStatusCode> Deliver(string signedFor, TimeSpan ahead, string? key = null)
    {
        var delivery = Create(signedFor, ahead, key);

        return Send(delivery, delivery.Sign());
    }

    Delivery Create(string signedFor, TimeSpan ahead, string? key = null, byte[]? body = null) => new()
    {
        PublicUrl = signedFor,
        Now = _cloud.Clock.GetUtcNow() + ahead,
        SigningKey = key ?? _cloud.Emulator.DefaultUser.CurrentSigningKey,
        Body = body is { Length: > 0 } ? body : """{"orderId":"42"}"""u8.ToArray(),
    };

    async Task<HttpStatusCode> Send(Delivery delivery, string signature, string? retried = null)
    {
        var request = delivery.To(new Uri(_orders.LocalAddress, "qstash/orders"), signature);
        if (retried is not null)
            request.Headers.Add("Upstash-Retried", retried);
        using var answer = await _http.SendAsync(request, Cancellation);

        return answer.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _cloud.DisposeAsync();
    }
}

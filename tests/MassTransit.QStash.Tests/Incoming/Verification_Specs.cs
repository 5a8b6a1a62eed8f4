using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests;

/// <summary>
/// Nobody but QStash gets a message in (P3, AP1, S1, V1, V2, V8): 401, an empty body, one log line without secrets. What
/// strangers can do by load and broken HTTP is in Attack_Specs.cs.
/// </summary>
public sealed class Verifying_a_delivery : IAsyncLifetime
{
    static readonly string[] EndpointNames = ["orders", "archive"];
    static readonly byte[] Order = Encoding.UTF8.GetBytes("""{"orderId":"42"}""");

    readonly HttpClient _http = new();
    Cloud _cloud = null!;
    Service _orders = null!;

    public async ValueTask InitializeAsync()
    {
        _cloud = await Cloud.StartAsync();
        _orders = await _cloud.StartServiceAsync("orders", s => s.AddBus(
            x => x.AddConsumer<Recorder<OrderSubmitted>>(),
            (context, cfg) =>
            {
                foreach (var name in EndpointNames)
                {
                    cfg.ReceiveEndpoint(name, e =>
                    {
                        e.UseRawJsonDeserializer();
                        e.ConfigureConsumer<Recorder<OrderSubmitted>>(context);
                    });
                }
            }));
    }

    [Fact]
    public async Task Accepts_the_current_key_and_during_a_rotation_the_next()
    {
        var user = _cloud.Emulator.DefaultUser;

        Assert.Equal(HttpStatusCode.OK, (await Send(Signed(user.CurrentSigningKey))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Send(Signed(user.NextSigningKey))).StatusCode);
        Assert.Equal(2, _orders.Observed.Messages<OrderSubmitted>().Count);
    }

    [Fact]
    public async Task Refuses_a_request_without_signature() => await AssertRefused(Signed().To(Url("orders"), signature: null));

    [Fact]
    public async Task Refuses_another_key() => await AssertRefused(Signed("sig_somebodyElse"));

    [Fact]
    public async Task Refuses_a_body_that_was_tampered_with()
    {
        var delivery = Signed();

        await AssertRefused(delivery.To(Url("orders"), delivery.Sign(), """{"orderId":"43"}"""u8.ToArray()));
    }

    [Fact]
    public async Task Refuses_a_delivery_that_is_replayed_to_another_endpoint()
    {
        var delivery = Signed();

        await AssertRefused(delivery.To(Url("archive"), delivery.Sign()));
    }

    [Fact]
    public async Task Refuses_a_delivery_that_is_replayed_after_five_minutes()
    {
        var delivery = Signed();
        _cloud.Clock.Advance(TimeSpan.FromMinutes(6));

        await AssertRefused(delivery.To(Url("orders"), delivery.Sign()));
    }

    // Each attempt is signed anew by QStash; without UseReplayGuard the same token counts until it expires (SECURITY.md).
    [Fact]
    public async Task Accepts_a_replay_within_five_minutes_as_QStash_delivers_at_least_once_anyway()
    {
        var delivery = Signed();
        var signature = delivery.Sign();
        Assert.Equal(HttpStatusCode.OK, (await Send(delivery.To(Url("orders"), signature))).StatusCode);
        _cloud.Clock.Advance(TimeSpan.FromSeconds(304));

        Assert.Equal(HttpStatusCode.OK, (await Send(delivery.To(Url("orders"), signature))).StatusCode);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("..")]
    [InlineData("Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.AAAA")]
    [InlineData("v1=5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd")]
    public async Task Refuses_garbage(string signature) => await AssertRefused(Signed().To(Url("orders"), signature));

    [Theory]
    [InlineData("upstash")]
    [InlineData("https://accounts.example.com")]
    [InlineData(null)]
    public async Task Refuses_another_issuer(string? issuer) => await AssertRefused(claims => claims["iss"] = issuer);

    [Theory]
    [InlineData("http://orders.test/qstash/orders/")]
    [InlineData("http://orders.test/qstash/orders?x=1")]
    [InlineData("http://orders.test/qstash/Orders")]
    [InlineData("http://orders.test:80/qstash/orders")]
    [InlineData("http://orders.test/orders")]
    [InlineData("https://orders.test/qstash/orders")]
    [InlineData("http://www.orders.test/qstash/orders")]
    [InlineData("http://127.0.0.1/qstash/orders")]
    [InlineData("")]
    [InlineData(null)]
    public async Task Refuses_another_subject(string? subject) => await AssertRefused(claims => claims["sub"] = subject);

    [Fact]
    public async Task Refuses_the_address_of_the_request_as_subject()
    {
        var delivery = Signed();

        await AssertRefused(delivery.To(Url("orders"), delivery.Sign(claims => claims["sub"] = Url("orders").AbsoluteUri)));
    }

    [Fact]
    public async Task Refuses_a_lifetime_of_more_than_an_hour() => await AssertRefused(claims => claims["exp"] = Seconds(3606));

    [Fact]
    public async Task Refuses_a_token_from_the_future() => await AssertRefused(claims => claims["nbf"] = Seconds(60));

    [Theory]
    [InlineData("exp", -4, HttpStatusCode.OK)]
    [InlineData("exp", -5, HttpStatusCode.Unauthorized)]
    [InlineData("nbf", 5, HttpStatusCode.OK)]
    [InlineData("nbf", 6, HttpStatusCode.Unauthorized)]
    [InlineData("exp", 3605, HttpStatusCode.OK)]
    public async Task Lets_clocks_differ_by_five_seconds(string claim, int seconds, HttpStatusCode status)
    {
        // The claims are whole seconds, and the clock of the test may not be at one.
        _cloud.Clock.Advance(TimeSpan.FromTicks(TimeSpan.TicksPerSecond - (_cloud.Clock.GetUtcNow().Ticks % TimeSpan.TicksPerSecond)));
        var delivery = Signed();

        Assert.Equal(status, (await Send(delivery.To(Url("orders"), delivery.Sign(claims => claims[claim] = Seconds(seconds))))).StatusCode);
    }

    [Theory]
    [InlineData("iss")]
    [InlineData("sub")]
    [InlineData("exp")]
    [InlineData("nbf")]
    [InlineData("body")]
    public async Task Refuses_a_token_without_a_claim(string claim) => await AssertRefused(claims => claims.Remove(claim));

    [Fact]
    public async Task Needs_no_id_in_a_token_unless_replays_are_to_be_noticed()
    {
        var delivery = Signed();

        Assert.Equal(HttpStatusCode.OK, (await Send(delivery.To(Url("orders"), delivery.Sign(claims => claims.Remove("jti"))))).StatusCode);
    }

    [Theory]
    [InlineData("""{"alg":"none","typ":"JWT"}""")]
    [InlineData("""{"alg":"HS384","typ":"JWT"}""")]
    [InlineData("""{"alg":"RS256","typ":"JWT"}""")]
    public async Task Refuses_another_algorithm(string header)
    {
        var delivery = Signed();

        await AssertRefused(delivery.To(Url("orders"), delivery.Sign(header: header)));
    }

    [Fact]
    public async Task Refuses_a_token_whose_algorithm_is_none_and_that_is_not_signed()
    {
        var delivery = Signed();
        var signed = delivery.Sign(header: """{"alg":"none","typ":"JWT"}""");

        await AssertRefused(delivery.To(Url("orders"), signed[..(signed.LastIndexOf('.') + 1)]));
    }

    // The login of a user of the service, or of an administrator, is no signature.
    [Fact]
    public async Task Refuses_the_token_of_a_user()
    {
        var delivery = Signed();
        var request = delivery.To(Url("orders"), signature: null);
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {delivery.Sign()}");

        await AssertRefused(request);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("https://evil.example.com")]
    [InlineData("null")]
    public async Task Does_not_care_about_the_origin_of_a_signed_request(string? origin)
    {
        var delivery = Signed();
        var request = delivery.To(Url("orders"), delivery.Sign());
        request.Headers.TryAddWithoutValidation("Origin", origin);

        Assert.Equal(HttpStatusCode.OK, (await Send(request)).StatusCode);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    public async Task Takes_a_POST_only(string method)
    {
        var delivery = Signed();
        var request = delivery.To(Url("orders"), delivery.Sign());
        request.Method = new HttpMethod(method);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await Send(request)).StatusCode);
        Assert.Empty(_orders.Observed.Messages<OrderSubmitted>());
    }

    // 503 would tell a stranger more than 401 does.
    [Fact]
    public async Task Refuses_a_stranger_while_the_endpoint_is_stopped_too()
    {
        await _orders.Bus.StopAsync(Cancellation);

        await AssertRefused(Signed("sig_somebodyElse"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Send(Signed())).StatusCode);
    }

    Delivery Signed(string? key = null) => new()
    {
        PublicUrl = "http://orders.test/qstash/orders",
        Now = _cloud.Clock.GetUtcNow(),
        SigningKey = key ?? _cloud.Emulator.DefaultUser.CurrentSigningKey,
        Body = Order,
    };

    long Seconds(int fromNow) => _cloud.Clock.GetUtcNow().ToUnixTimeSeconds() + fromNow;

    Uri Url(string endpoint) => new(_orders.LocalAddress, $"qstash/{endpoint}");

    Task<HttpResponseMessage> Send(Delivery delivery) => Send(delivery.To(Url("orders"), delivery.Sign()));

    Task<HttpResponseMessage> Send(HttpRequestMessage request) => _http.SendAsync(request, Cancellation);

    Task AssertRefused(Delivery delivery) => AssertRefused(delivery.To(Url("orders"), delivery.Sign()));

    Task AssertRefused(Action<JsonObject> bend)
    {
        var delivery = Signed();

        return AssertRefused(delivery.To(Url("orders"), delivery.Sign(bend)));
    }

    async Task AssertRefused(HttpRequestMessage request)
    {
        var signature = request.Headers.TryGetValues("Upstash-Signature", out var values) ? values.Single() : "sig_";

        var answer = await Send(request);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Empty(_orders.Observed.Messages<OrderSubmitted>());

        Assert.Single(_orders.Log.Warnings);
        Assert.DoesNotContain(_orders.Log.Lines, line => line.Contains(signature, StringComparison.Ordinal) || line.Contains("sig_", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _cloud.DisposeAsync();
    }
}

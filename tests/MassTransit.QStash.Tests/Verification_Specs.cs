using System.Net;
using System.Text;
using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests;

/// <summary>
/// Nobody but QStash gets a message in (P3, AP1, S1, V1, V2, V8): 401, an empty body, one log line without secrets.
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

    Delivery Signed(string? key = null) => new()
    {
        PublicUrl = "http://orders.test/qstash/orders",
        Now = _cloud.Clock.GetUtcNow(),
        SigningKey = key ?? _cloud.Emulator.DefaultUser.CurrentSigningKey,
        Body = Order,
    };

    Uri Url(string endpoint) => new(_orders.LocalAddress, $"qstash/{endpoint}");

    Task<HttpResponseMessage> Send(Delivery delivery) => Send(delivery.To(Url("orders"), delivery.Sign()));

    Task<HttpResponseMessage> Send(HttpRequestMessage request) => _http.SendAsync(request, TestContext.Current.CancellationToken);

    Task AssertRefused(Delivery delivery) => AssertRefused(delivery.To(Url("orders"), delivery.Sign()));

    async Task AssertRefused(HttpRequestMessage request)
    {
        var signature = request.Headers.TryGetValues("Upstash-Signature", out var values) ? values.Single() : "sig_";

        var answer = await Send(request);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
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

using System.Net;
using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests;

/// <summary>
/// The headers of QStash, as a consumer finds them. Nobody signs them, so any text may be in them.
/// </summary>
public sealed class What_QStash_tells_about_a_delivery : IAsyncLifetime
{
    readonly HttpClient _http = new();
    Cloud _cloud = null!;
    Service _orders = null!;

    public async ValueTask InitializeAsync()
    {
        _cloud = await Cloud.StartAsync();
        _orders = await _cloud.StartServiceAsync("orders", s => s.AddBus(
            x => x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e => e.Name = "orders"),
            (_, cfg) => cfg.UseRawJsonDeserializer()));
    }

    // 200 characters are the most that are taken for an id.
    public static TheoryData<string, bool> Ids => new()
    {
        { "msg_26hZCxZCuWyyTWPmSVBrNCtvJfAXxsB", true },
        { "!~", true },
        { "...", true },
        { new string('a', 200), true },
        { new string('a', 201), false },
        { ".", false },
        { "..", false },
        { "a b", false },
        { "a/b", false },
        { "a?b", false },
        { "a#b", false },
        { "a,b", false },
    };

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Has_an_id_if_the_text_can_be_one(string text, bool isId)
    {
        var message = await Deliver(("Upstash-Message-Id", text));

        Assert.Equal(isId ? text : "", message.MessageId);
    }

    [Fact]
    public async Task Has_no_id_if_there_are_two()
    {
        var message = await Deliver(("Upstash-Message-Id", "msg_1"), ("Upstash-Message-Id", "msg_2"));

        Assert.Equal("", message.MessageId);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("7", 7)]
    [InlineData("-1", 0)]
    [InlineData("x", 0)]
    public async Task Counts_the_attempts_before(string text, int retried)
    {
        var message = await Deliver(("Upstash-Retried", text));

        Assert.Equal(retried, message.Retried);
        Assert.Equal(retried > 0, Assert.Single(_orders.Observed.Contexts<OrderSubmitted>()).ReceiveContext.Redelivered);
    }

    [Fact]
    public async Task Names_the_group_the_schedule_the_caller_and_the_region()
    {
        var message = await Deliver(("Upstash-Topic-Name", "Orders"), ("Upstash-Schedule-Id", "scd_1"), ("Upstash-Caller-Ip", "192.0.2.1"), ("Upstash-Region", "eu-central-1"));

        Assert.Equal(("Orders", "scd_1", "192.0.2.1", "EU_CENTRAL_1"), (message.UrlGroup, message.ScheduleId, message.CallerIp, message.Region));
    }

    [Fact]
    public async Task Names_nothing_that_it_does_not_say()
    {
        var message = await Deliver();

        Assert.Equal((null, null, null, null, null, 3), (message.UrlGroup, message.ScheduleId, message.CallerIp, message.Region, message.Timeout, message.MaxRetries));
    }

    [Fact]
    public async Task Has_all_headers_but_the_signature_whatever_their_case()
    {
        var message = await Deliver(("X-Tenant", "shop"));

        Assert.Equal("shop", message.HttpHeaders["x-tenant"]);
        Assert.Equal("shop", message.HttpHeaders["X-TENANT"]);
        Assert.False(message.HttpHeaders.ContainsKey("Upstash-Signature"));
        Assert.Same(message.HttpHeaders, message.HttpHeaders);
    }

    async Task<QStashMessageContext> Deliver(params (string Name, string Value)[] headers)
    {
        var delivery = Delivery.Of(_cloud, "http://orders.test/qstash/orders", """{"orderId":"42"}""");
        using var request = delivery.To(new Uri(_orders.LocalAddress, "qstash/orders"), delivery.Sign());
        foreach (var (name, _) in headers)
            request.Headers.Remove(name);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);

        using var answer = await _http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return Assert.Single(_orders.Observed.Contexts<OrderSubmitted>()).ReceiveContext.GetQStashMessage()!;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _cloud.DisposeAsync();
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests;

/// <summary>
/// How the type of a body, and what stands before it, decide about who reads it.
/// </summary>
public sealed class The_content_type_of_a_body : IAsyncDisposable
{
    const string Order = """{"orderId":"42"}""";
    const string Envelope = """{ "messageId": "5e2f0000-1111-2222-3333-444455556666", "messageType": ["urn:message:MassTransit.QStash.Tests.Support:OrderSubmitted"], "message": { "orderId": "42" } }""";

    readonly HttpClient _http = new();
    Cloud _cloud = null!;
    Service _orders = null!;

    [Theory]
    [InlineData("application/json", Order)]
    [InlineData("application/json; charset=utf-8", Order)]
    [InlineData("application/json", "  " + Order + "\n")]
    [InlineData("application/vnd.masstransit+json", Envelope)]
    public async Task May_be_JSON_with_a_byte_order_mark(string contentType, string body)
    {
        await Start(e => e.UseRawJsonDeserializer());

        var answer = await Deliver([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(body)], contentType);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("42", Assert.Single(_orders.Observed.Messages<OrderSubmitted>()).OrderId);
    }

    [Fact]
    public async Task Does_not_take_the_byte_order_mark_out_of_the_signature()
    {
        await Start(e => e.UseRawJsonDeserializer());
        var delivery = Create(Encoding.UTF8.GetBytes(Order), "application/json");

        var answer = await _http.SendAsync(delivery.To(Url, delivery.Sign(), [0xEF, 0xBB, 0xBF, .. delivery.Body]), Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("text/plain", "hello")]
    [InlineData("text/plain", Order)]
    [InlineData("text/plain", """{ "messageType": ["urn:message:Nobody:Wants"], "message": {} }""")]
    [InlineData("text/plain", "null")]
    [InlineData("text/plain", "")]
    [InlineData("application/cloudevents+json", Order)]
    [InlineData("application/x-www-form-urlencoded", "orderId=42")]
    [InlineData("application/json", Order)]
    public async Task That_no_deserializer_knows_is_named_in_the_dead_letter(string contentType, string body)
    {
        await Start(_ => { });

        var reason = await DeadLetter(Encoding.UTF8.GetBytes(body), contentType);

        Assert.StartsWith(
            $"The body has the Content-Type '{contentType}', which the endpoint has no deserializer for, so it was read as "
            + "'application/vnd.masstransit+json'. Send it with its own type, or add a deserializer to the endpoint, such as "
            + "e.UseRawJsonDeserializer(isDefault: true) for JSON of any type.",
            (string?)reason["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task That_is_missing_is_named_in_the_dead_letter(string? contentType)
    {
        await Start(_ => { });

        var reason = await DeadLetter("hello"u8.ToArray(), contentType);

        Assert.StartsWith("The body has no Content-Type, so it was read as", (string?)reason["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rubbish")]
    [InlineData(";;;")]
    [InlineData("application/")]
    public async Task That_is_none_is_dead_lettered_at_once(string contentType)
    {
        await Start(_ => { });

        var reason = await DeadLetter("hello"u8.ToArray(), contentType);

        Assert.Contains($"the Content-Type '{contentType}'", (string?)reason["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json;charset")]
    [InlineData("application/json; charset=utf-8; =")]
    [InlineData("application/json, application/json")]
    public async Task With_malformed_parameters_counts_without_them(string contentType)
    {
        await Start(e => e.UseRawJsonDeserializer());

        Assert.Equal(HttpStatusCode.OK, (await Deliver(Encoding.UTF8.GetBytes(Order), contentType)).StatusCode);
        Assert.Single(_orders.Observed.Messages<OrderSubmitted>());
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-32")]
    public async Task Names_the_charset_in_the_dead_letter(string charset)
    {
        await Start(e => e.UseRawJsonDeserializer());

        var reason = await DeadLetter(Encoding.GetEncoding(charset).GetBytes("""{"orderId":"é"}"""), $"application/json; charset={charset}");

        Assert.Contains($"the charset '{charset}'", (string?)reason["message"], StringComparison.Ordinal);
    }

    // What is a byte order mark in JSON may be anything in another format.
    [Fact]
    public async Task Keeps_its_first_bytes_unless_it_is_JSON()
    {
        await Start(_ => { });
        var seen = new Bodies();
        _orders.Bus.ConnectReceiveObserver(seen);
        byte[] body = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Order)];

        await Deliver(body, "application/x-protobuf");

        Assert.Equal(body, Assert.Single(seen.All));
    }

    [Theory]
    [InlineData("")]
    [InlineData("; charset=utf-8")]
    [InlineData("; charset=US-ASCII")]
    [InlineData("; charset=\"\"")]
    public async Task That_is_known_fails_for_what_is_wrong_with_the_body(string parameters)
    {
        await Start(_ => { });

        var reason = await DeadLetter("hello"u8.ToArray(), "application/vnd.masstransit+json" + parameters);

        Assert.StartsWith("'h' is an invalid start of a value", (string?)reason["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_named_without_its_parameters()
    {
        await Start(_ => { });

        var reason = await DeadLetter("hello"u8.ToArray(), "text/plain; boundary=xyz");

        Assert.StartsWith("The body has the Content-Type 'text/plain', which", (string?)reason["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Does_not_matter_where_the_default_reads_the_body()
    {
        await Start(e => e.UseRawJsonDeserializer(isDefault: true));

        Assert.Equal(HttpStatusCode.OK, (await Deliver(Encoding.UTF8.GetBytes(Order), "application/cloudevents+json")).StatusCode);
        Assert.Single(_orders.Observed.Messages<OrderSubmitted>());
    }

    async Task Start(Action<IReceiveEndpointConfigurator> configure)
    {
        _cloud = await Cloud.StartAsync();
        _orders = await _cloud.StartServiceAsync("orders", s => s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint("orders", e =>
        {
            configure(e);
            e.Handler<OrderSubmitted>(context =>
            {
                s.Observed.Add(context);
                return Task.CompletedTask;
            });
        })));
    }

    Uri Url => new(_orders.LocalAddress, "qstash/orders");

    Delivery Create(byte[] body, string contentType) => new()
    {
        PublicUrl = "http://orders.test/qstash/orders",
        Now = _cloud.Clock.GetUtcNow(),
        SigningKey = _cloud.Emulator.DefaultUser.CurrentSigningKey,
        Body = body,
        ContentType = contentType,
    };

    async Task<HttpResponseMessage> Deliver(byte[] body, string? contentType)
    {
        var delivery = Create(body, "application/json");
        var request = delivery.To(Url, delivery.Sign());
        request.Content!.Headers.ContentType = null;
        if (contentType is not null)
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);

        return await _http.SendAsync(request, Cancellation);
    }

    async Task<JsonNode> DeadLetter(byte[] body, string? contentType)
    {
        using var answer = await Deliver(body, contentType);

        Assert.Equal(489, (int)answer.StatusCode);
        Assert.Empty(_orders.Observed.Messages<OrderSubmitted>());

        return (await answer.Content.ReadFromJsonAsync<JsonNode>(Cancellation))!;
    }

    sealed class Bodies : IReceiveObserver
    {
        public List<byte[]> All { get; } = [];

        public Task PreReceive(ReceiveContext context)
        {
            All.Add(context.Body.GetBytes());

            return Task.CompletedTask;
        }

        public Task PostReceive(ReceiveContext context) => Task.CompletedTask;
        public Task ReceiveFault(ReceiveContext context, Exception exception) => Task.CompletedTask;
        public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class => Task.CompletedTask;
        public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) where T : class => Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _cloud.DisposeAsync();
    }
}

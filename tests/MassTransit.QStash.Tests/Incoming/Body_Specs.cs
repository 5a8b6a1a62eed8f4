using System.Text;
using System.Text.Json;
using MassTransit.QStash.Tests.Support;
using MassTransit.Serialization;

namespace MassTransit.QStash.Tests;

/// <summary>
/// What a consumer sees of a request, also when it looks after the answer (P3, V8).
/// </summary>
public sealed class A_body : IAsyncLifetime
{
    const string Path = "/qstash/orders";

    // More than the server takes ahead of the application, so that no single read can get all of it.
    const int Limit = 4_000_000;

    Cloud _cloud = null!;
    Service _orders = null!;

    public async ValueTask InitializeAsync()
    {
        _cloud = await Cloud.StartAsync();
        _orders = await _cloud.StartServiceAsync("orders", s => s.AddBus(
            x => x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e => e.Name = "orders"),
            (_, cfg) =>
            {
                cfg.Host(h => h.MaxBodySize(Limit));
                cfg.UseRawJsonDeserializer();
            }));
    }

    [Theory]
    [InlineData("""{"orderId":"42"}""")]
    [InlineData("""{"orderId":"42"} """)]
    [InlineData("\r\n\t{\"orderId\":\"42\"}")]
    [InlineData("""{"orderId":"42",}""")]
    [InlineData("""/* plain */ {"orderId":"42"}""")]
    [InlineData("""{"orderId":"42","note":"für \u00fcbermorgen"}""")]
    public async Task Is_kept_to_the_byte(string json)
    {
        using var connection = await RawConnection.OpenAsync(_orders.LocalAddress);
        var delivery = Order(json);

        await connection.SendAsync((byte[])[.. Request(delivery), .. delivery.Body]);

        Assert.Equal([200], await connection.ReadStatusesAsync());
        var context = Assert.Single(_orders.Observed.Contexts<OrderSubmitted>());
        Assert.Equal("42", context.Message.OrderId);
        AssertBody(delivery.Body, context);
    }

    [Fact]
    public async Task Is_read_again_for_a_deserializer_with_options_of_its_own()
    {
        using var connection = await RawConnection.OpenAsync(_orders.LocalAddress);
        var delivery = Order("""{"orderId":"42","tags":["a","b",]}""");

        await connection.SendAsync((byte[])[.. Request(delivery), .. delivery.Body]);
        await connection.ReadStatusesAsync();

        var body = Assert.IsType<JsonMessageBody>(Assert.Single(_orders.Observed.Contexts<OrderSubmitted>()).ReceiveContext.Body, exactMatch: false);
        Assert.Equal(2, body.GetJsonElement(new JsonSerializerOptions { AllowTrailingCommas = true })!.Value.GetProperty("tags").GetArrayLength());
        Assert.Throws<JsonException>(() => body.GetJsonElement(new JsonSerializerOptions { AllowTrailingCommas = false }));
    }

    [Fact]
    public async Task May_come_in_pieces()
    {
        using var connection = await RawConnection.OpenAsync(_orders.LocalAddress);
        var delivery = Order($$"""{"orderId":"42","note":"{{new string('x', 3_000_000)}}"}""");

        await connection.SendAsync(Request(delivery));
        foreach (var piece in delivery.Body.Chunk(500_001))
            await connection.SendAsync(piece);

        Assert.Equal([200], await connection.ReadStatusesAsync());
        AssertBody(delivery.Body, Assert.Single(_orders.Observed.Contexts<OrderSubmitted>()));
    }

    [Theory]
    [InlineData(Limit, false, 200)]
    [InlineData(Limit, true, 200)]
    [InlineData(Limit + 1, false, 413)]
    [InlineData(Limit + 1, true, 413)]
    [InlineData(3 * Limit, true, 413)]
    public async Task May_be_as_large_as_the_limit_and_no_larger(int size, bool chunked, int status)
    {
        const string json = """{"orderId":"42","note":""}""";
        using var http = new HttpClient();
        var delivery = Order(json.Insert(json.Length - 2, new string('x', size - json.Length)));

        using var answer = await http.SendAsync(delivery.To(new Uri(_orders.LocalAddress, Path), delivery.Sign(), chunked: chunked), Cancellation);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status == 200 ? 1 : 0, _orders.Observed.Messages<OrderSubmitted>().Count);
    }

    [Fact]
    public async Task And_its_headers_stay_when_the_connection_carries_the_next()
    {
        using var connection = await RawConnection.OpenAsync(_orders.LocalAddress);
        var (first, second) = (Order("""{"orderId":"42"}"""), Order("""{"orderId":"43"}"""));

        await connection.SendAsync((byte[])[.. Request(first, "X-Tenant: shop"), .. first.Body]);
        await connection.ReadStatusesAsync();
        await connection.SendAsync((byte[])[.. Request(second, "X-Tenant: club"), .. second.Body]);
        Assert.Equal([200, 200], await connection.ReadStatusesAsync(2));

        var contexts = _orders.Observed.Contexts<OrderSubmitted>();
        Assert.Equal(["shop", "club"], contexts.Select(context => context.ReceiveContext.GetQStashMessage()!.HttpHeaders["x-tenant"]));
        Assert.Equal(["shop", "club"], contexts.Select(context => context.Headers.Get<string>("X-Tenant")));
        AssertBody(first.Body, contexts[0]);
        AssertBody(second.Body, contexts[1]);
    }

    Delivery Order(string json) => Delivery.Of(_cloud, "http://orders.test/qstash/orders", json);

    static byte[] Request(Delivery delivery, params string[] headers) =>
        RawConnection.Request(Path, delivery.Body.Length, [$"Upstash-Signature: {delivery.Sign()}", .. headers]);

    static void AssertBody(byte[] expected, ConsumeContext context)
    {
        var body = context.ReceiveContext.Body;
        using var stream = body.GetStream();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);

        Assert.Equal(expected, body.GetBytes());
        Assert.Equal(expected, copy.ToArray());
        Assert.Equal(expected.Length, body.Length);
        Assert.Equal(Encoding.UTF8.GetString(expected), body.GetString());
    }

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();
}

/// <summary>The options of MassTransit's JSON are those of the whole process.</summary>
[Collection(nameof(Alone))]
public sealed class A_body_that_the_options_of_the_application_do_not_allow
{
    [Theory]
    [InlineData("""{"orderId":"42","note":{"a":1,"a":2}}""")]
    [InlineData("""{"orderId":"42","note":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}""")]
    [InlineData("""{"orderId":"42","note":[1,]}""")]
    [InlineData("""{"orderId":"42" /* plain */}""")]
    public async Task Goes_to_the_dead_letter_queue(string json)
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(
            x => x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e => e.Name = "orders"),
            (_, cfg) => cfg.UseRawJsonDeserializer()));
        var delivery = Delivery.Of(cloud, "http://orders.test/qstash/orders", json);
        using var http = new HttpClient();
        async Task<int> Deliver()
        {
            using var answer = await http.SendAsync(delivery.To(new Uri(orders.LocalAddress, "qstash/orders"), delivery.Sign()), Cancellation);

            return (int)answer.StatusCode;
        }

        var options = SystemTextJsonMessageSerializer.Options;
        Assert.Equal(200, await Deliver());
        SystemTextJsonMessageSerializer.Options = new JsonSerializerOptions(options)
        {
            AllowDuplicateProperties = false,
            AllowTrailingCommas = false,
            MaxDepth = 32,
            ReadCommentHandling = JsonCommentHandling.Disallow,
        };
        try
        {
            Assert.Equal(489, await Deliver());
        }
        finally
        {
            SystemTextJsonMessageSerializer.Options = options;
        }

        Assert.Single(orders.Observed.Messages<OrderSubmitted>());
    }
}

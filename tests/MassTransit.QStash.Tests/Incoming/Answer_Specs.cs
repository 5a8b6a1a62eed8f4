using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using MassTransit.QStash.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.QStash.Tests;

/// <summary>
/// One test for each row of masstransit-transport.md 3.6 (AP3: the status code is the acknowledgement).
/// </summary>
public sealed class Answering_a_delivery : IAsyncDisposable
{
    const string EndpointUrl = "http://orders.test/qstash/orders";

    readonly TaskCompletionSource _consuming = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly HttpClient _http = new();
    Cloud _cloud = null!;
    Service _orders = null!;

    [Fact]
    public async Task That_was_consumed_with_200()
    {
        await Start(_ => Task.CompletedTask);

        var answer = await Deliver("""{"orderId":"42"}""");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Whose_redelivery_was_sent_with_200()
    {
        await Start(context => context.Redeliver(TimeSpan.FromMinutes(1)));

        var answer = await Deliver("""{"orderId":"42"}""");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(60, await DelayOfPendingMessage());
    }

    [Fact]
    public async Task That_faulted_with_489_so_that_it_goes_to_the_dead_letter_queue()
    {
        await Start(_ => throw new InvalidOperationException("Out of stock."));

        var answer = await Deliver("""{"orderId":"42"}""");

        AssertNonRetryable(answer);
        var reason = await answer.Content.ReadFromJsonAsync<JsonObject>(Cancellation);
        Assert.Equal("fault", (string?)reason!["reason"]);
        Assert.Equal("System.InvalidOperationException", (string?)reason["exceptionType"]);
        Assert.Equal("Out of stock.", (string?)reason["message"]);
        Assert.Equal("MassTransit.QStash.Tests.Support.OrderSubmitted", (string?)reason["messageType"]);
        Assert.Contains("OrderSubmitted", (string?)reason["consumerType"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_faulted_with_the_innermost_exception()
    {
        await Start(_ => throw new InvalidOperationException("Out of stock.", new ArgumentException("No such shelf.")));

        var reason = await (await Deliver("""{"orderId":"42"}""")).Content.ReadFromJsonAsync<JsonObject>(Cancellation);

        Assert.Equal(("System.ArgumentException", "No such shelf."), ((string?)reason!["exceptionType"], (string?)reason["message"]));
    }

    [Fact]
    public async Task That_is_said_to_be_encoded_and_cannot_be_read_with_both_reasons()
    {
        await Start(_ => Task.CompletedTask);
        const string encoded = " The body has the Content-Encoding 'gzip', which receive endpoints do not decode.";
        var delivery = Create("{ not json"u8.ToArray(), "application/vnd.masstransit+json");
        var unencoded = await (await Send(delivery.To(LocalUrl(), delivery.Sign()))).Content.ReadFromJsonAsync<JsonObject>(Cancellation);
        var request = delivery.To(LocalUrl(), delivery.Sign());
        request.Content!.Headers.ContentEncoding.Add("gzip");

        var reason = await (await Send(request)).Content.ReadFromJsonAsync<JsonObject>(Cancellation);

        Assert.NotEmpty((string)unencoded!["message"]!);
        Assert.Equal((string?)unencoded["message"] + encoded, (string?)reason!["message"]);
    }

    // QStash stores the answer and limits its size.
    [Theory]
    [InlineData(1000, 1000)]
    [InlineData(1001, 1000)]
    [InlineData(100_000, 1000)]
    public async Task That_faulted_with_the_beginning_of_the_message_of_its_exception(int length, int told)
    {
        await Start(_ => throw new InvalidOperationException($"Out of stock{new string('!', length - 12)}"));

        var answer = await Deliver("""{"orderId":"42"}""");

        var reason = await answer.Content.ReadFromJsonAsync<JsonObject>(Cancellation);
        Assert.Equal($"Out of stock{new string('!', told - 12)}", (string?)reason!["message"]);
    }

    // The encoding is only a part of the reason where nothing could read the body.
    [Theory]
    [InlineData("""{"orderId":"42"}""", "application/json", "Out of stock.")]
    [InlineData("""{ "messageType": ["urn:message:Nobody:Wants"], "message": {} }""", "application/vnd.masstransit+json",
        "The body has the Content-Encoding 'gzip', which receive endpoints do not decode.")]
    public async Task That_is_said_to_be_encoded_with_the_reason_that_matters(string body, string contentType, string message)
    {
        await Start(_ => throw new InvalidOperationException("Out of stock."));
        var delivery = Create(Encoding.UTF8.GetBytes(body), contentType);
        var request = delivery.To(LocalUrl(), delivery.Sign());
        request.Content!.Headers.ContentEncoding.Add("gzip");

        var answer = await Send(request);

        AssertNonRetryable(answer);
        var reason = await answer.Content.ReadFromJsonAsync<JsonObject>(Cancellation);
        Assert.Equal(message, (string?)reason!["message"]);
    }

    [Fact]
    public async Task That_nobody_wants_with_489()
    {
        await Start(_ => Task.CompletedTask);

        var answer = await Deliver("""
            { "messageId": "5e2f0000-1111-2222-3333-444455556666", "messageType": ["urn:message:Nobody:Wants"], "message": {} }
            """, "application/vnd.masstransit+json");

        AssertNonRetryable(answer);
        Assert.Equal("""{"reason":"skipped"}""", await answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task That_cannot_be_read_with_489()
    {
        await Start(_ => Task.CompletedTask);

        var answer = await Deliver("{ not json", "application/vnd.masstransit+json");

        AssertNonRetryable(answer);
    }

    [Fact]
    public async Task Whose_fault_is_to_be_rethrown_with_500_so_that_QStash_retries()
    {
        await Start(_ => throw new InvalidOperationException("Out of stock."), e => e.RethrowFaultedMessages());

        var answer = await Deliver("""{"orderId":"42"}""");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Upstash-NonRetryable-Error"));
    }

    [Fact]
    public async Task That_was_cut_short_with_503()
    {
        // The consumer stop timeout cancels what still runs.
        await Start(
            async context =>
            {
                _consuming.SetResult();
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
            },
            stopTimeout: TimeSpan.FromMilliseconds(50));
        var answering = Deliver("""{"orderId":"42"}""");
        await _consuming.Task.WaitAsync(Cancellation);

        await _orders.Bus.StopAsync(Cancellation);

        AssertRetryAfter("5", await answering);
        Assert.Empty(_orders.Observed.Messages<Fault<OrderSubmitted>>());
    }

    [Fact]
    public async Task To_a_stopped_endpoint_with_503()
    {
        await Start(_ => Task.CompletedTask);
        await _orders.Bus.StopAsync(Cancellation);

        AssertRetryAfter("5", await Deliver("""{"orderId":"42"}"""));
        // Each attempt costs a retry: they are spread so that the budget outlasts a slow deployment.
        AssertRetryAfter("300", await Deliver("""{"orderId":"42"}""", retried: 1));
        AssertRetryAfter("1800", await Deliver("""{"orderId":"42"}""", retried: 2));
    }

    [Fact]
    public async Task To_an_endpoint_that_has_not_started_with_503()
    {
        _cloud = await Cloud.StartAsync();
        // The bus does not start with the application here.
        _orders = _cloud.Build("orders", s =>
        {
            Register(s, _ => Task.CompletedTask, null, null);
            s.Services.RemoveMassTransitHostedService();
        });
        await _orders.StartServerAsync();

        AssertRetryAfter("5", await Deliver("""{"orderId":"42"}"""));
    }

    [Fact]
    public async Task To_an_unknown_endpoint_with_404()
    {
        await Start(_ => Task.CompletedTask);

        var answer = await Deliver("""{"orderId":"42"}""", path: "qstash/nobody");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Larger_than_the_limit_with_413()
    {
        await Start(_ => Task.CompletedTask, maxBodySize: 1000);
        var tooLarge = Create(new byte[1001]);
        var large = Create(Encoding.ASCII.GetBytes("""{"orderId":"42"}""".PadRight(1000)));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await Send(tooLarge.To(LocalUrl(), tooLarge.Sign()))).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await Send(tooLarge.To(LocalUrl(), "no signature"))).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await Send(tooLarge.To(LocalUrl(), tooLarge.Sign(), chunked: true))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Send(large.To(LocalUrl(), large.Sign(), chunked: true))).StatusCode);
    }

    [Fact]
    public async Task Larger_than_the_server_takes_elsewhere_as_the_setting_says()
    {
        // Kestrel's own limit is 30 MB.
        await Start(_ => Task.CompletedTask, maxBodySize: 40_000_000);
        var large = Create(new byte[31_000_000]);

        AssertNonRetryable(await Send(large.To(LocalUrl(), large.Sign())));
    }

    [Fact]
    public async Task That_is_not_a_POST_with_405()
    {
        await Start(_ => Task.CompletedTask);

        using var answer = await _http.GetAsync(LocalUrl(), Cancellation);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(["POST"], answer.Content.Headers.Allow);
        Assert.Empty(_orders.Log.Warnings);
    }

    async Task Start(Func<ConsumeContext<OrderSubmitted>, Task> consume, Action<IReceiveEndpointConfigurator>? configure = null,
        TimeSpan? stopTimeout = null, int? maxBodySize = null)
    {
        _cloud = await Cloud.StartAsync();
        _orders = await _cloud.StartServiceAsync("orders", s =>
        {
            Register(s, consume, configure, maxBodySize);
            if (stopTimeout is not null)
                s.Services.Configure<MassTransitHostOptions>(options => options.ConsumerStopTimeout = stopTimeout);
        });
    }

    static void Register(ServiceBuilder service, Func<ConsumeContext<OrderSubmitted>, Task> consume,
        Action<IReceiveEndpointConfigurator>? configure, int? maxBodySize) =>
        service.AddBus(x => x.AddDelayedMessageScheduler(), (_, cfg) =>
        {
            if (maxBodySize is not null)
                cfg.Host(h => h.MaxBodySize(maxBodySize.Value));

            cfg.UseDelayedMessageScheduler();
            cfg.ReceiveEndpoint("orders", e =>
            {
                e.UseRawJsonDeserializer();
                configure?.Invoke(e);
                e.Handler<OrderSubmitted>(context => consume(context));
            });
        });

    Delivery Create(byte[] body, string contentType = "application/json", int retried = 0) => new()
    {
        PublicUrl = EndpointUrl,
        Now = _cloud.Clock.GetUtcNow(),
        SigningKey = _cloud.Emulator.DefaultUser.CurrentSigningKey,
        Body = body,
        ContentType = contentType,
        Retried = retried,
    };

    Task<HttpResponseMessage> Deliver(string body, string contentType = "application/json", string path = "qstash/orders", int retried = 0)
    {
        var delivery = Create(Encoding.UTF8.GetBytes(body), contentType, retried);

        return Send(delivery.To(LocalUrl(path), delivery.Sign()));
    }

    Uri LocalUrl(string path = "qstash/orders") => new(_orders.LocalAddress, path);

    Task<HttpResponseMessage> Send(HttpRequestMessage request) => _http.SendAsync(request, Cancellation);

    async Task<double> DelayOfPendingMessage()
    {
        var log = Assert.Single((await _cloud.Client.Logs.ListAsync(cancellationToken: Cancellation)).Items);
        var message = await _cloud.Client.Messages.GetAsync(log.MessageId, Cancellation);

        return (message!.NotBefore - message.CreatedAt)!.Value.TotalSeconds;
    }

    static void AssertNonRetryable(HttpResponseMessage answer)
    {
        Assert.Equal(489, (int)answer.StatusCode);
        Assert.Equal(["true"], answer.Headers.GetValues("Upstash-NonRetryable-Error"));
    }

    static void AssertRetryAfter(string seconds, HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal([seconds], answer.Headers.GetValues("Retry-After"));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _cloud.DisposeAsync();
    }
}

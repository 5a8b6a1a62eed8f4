using System.Text;
using System.Text.Json;
using MassTransit.QStash.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using QStash.Client;

namespace MassTransit.QStash.Tests;

/// <summary>
/// Plain JSON both ways: to receivers that do not know MassTransit, and from senders that do not.
/// </summary>
public sealed class Plain_json : IAsyncLifetime
{
    readonly List<(string Body, IHeaderDictionary Headers)> _hooked = [];
    Cloud _cloud = null!;

    public async ValueTask InitializeAsync()
    {
        _cloud = await Cloud.StartAsync();
        // A web application without MassTransit.
        var hooks = _cloud.Build("hooks", s =>
        {
            s.AddBus();
            s.Map(app => app.MapPost("/hook", async (HttpRequest request) =>
            {
                using var reader = new StreamReader(request.Body);
                _hooked.Add((await reader.ReadToEndAsync(request.HttpContext.RequestAborted), new HeaderDictionary(request.Headers.ToDictionary())));
            }));
        });
        await hooks.StartServerAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task To_a_webhook_is_a_POST_without_a_trace_of_MassTransit(bool perMessage)
    {
        var orders = await _cloud.StartServiceAsync("orders", s => s.AddBus(null, (_, cfg) =>
        {
            if (!perMessage)
                cfg.UseRawJsonSerializer(RawSerializerOptions.AnyMessageType);
        }));
        var endpoint = await orders.Bus.GetSendEndpoint(new Uri("http://hooks.test/hook"));

        await endpoint.Send(new OrderSubmitted("42"), x =>
        {
            if (perMessage)
                x.UseQStash(d => d.PlainJson = true);
            x.TimeToLive = TimeSpan.FromHours(1);
            x.UseQStash(d =>
            {
                d.Retries = 5;
                d.Timeout = TimeSpan.FromMinutes(1);
            });
            x.Headers.Set("X-Api-Key", "k1");
        }, Cancellation);
        await _cloud.WaitUntilIdleAsync();

        var (body, headers) = Assert.Single(_hooked);
        Assert.Equal("42", JsonDocument.Parse(body).RootElement.GetProperty("orderId").GetString());
        Assert.Single(JsonDocument.Parse(body).RootElement.EnumerateObject());
        Assert.Equal("application/json", headers.ContentType);
        Assert.Equal("k1", headers["X-Api-Key"]);
        Assert.DoesNotContain(headers, header => header.Key.StartsWith("MT-", StringComparison.OrdinalIgnoreCase)
            || header.Key.Contains("MassTransit", StringComparison.OrdinalIgnoreCase)
            || header.Key.Equals("MessageId", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Cannot_carry_a_header_that_HTTP_does_not_allow()
    {
        var orders = await _cloud.StartServiceAsync("orders", s => s.AddBus());
        var endpoint = await orders.Bus.GetSendEndpoint(new Uri("http://hooks.test/hook"));

        var exception = await Assert.ThrowsAsync<ArgumentException>(() => endpoint.Send(new OrderSubmitted("42"), x =>
        {
            x.UseQStash(d => d.PlainJson = true);
            x.Headers.Set("Customer", "Zoë");
        }, Cancellation));

        Assert.Contains("Customer", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task From_elsewhere_reaches_a_consumer_with_the_headers_it_came_with()
    {
        var orders = await _cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e => e.Name = "orders"),
            (_, cfg) => cfg.UseRawJsonDeserializer()));

        await PublishJson("""{ "orderId": "42" }""");
        await _cloud.WaitUntilIdleAsync();

        var context = Assert.Single(orders.Observed.Contexts<OrderSubmitted>());
        Assert.Equal(new OrderSubmitted("42"), context.Message);
        Assert.Equal("shop", context.Headers.Get<string>("X-Tenant"));
        Assert.Equal("shop", context.ReceiveContext.GetQStashMessage()!.HttpHeaders["x-tenant"]);
        Assert.DoesNotContain("Upstash-Signature", context.ReceiveContext.GetQStashMessage()!.HttpHeaders.Keys, StringComparer.OrdinalIgnoreCase);
        // Nothing to copy to other messages.
        Assert.Empty(context.Headers.GetAll());
    }

    [Fact]
    public async Task From_elsewhere_has_one_MessageId_over_all_attempts_and_no_invented_time_of_sending()
    {
        List<(Guid? Id, DateTime? SentTime)> seen = [];
        await _cloud.StartServiceAsync("orders", s => s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint("orders", e =>
        {
            e.UseRawJsonDeserializer();
            e.RethrowFaultedMessages();
            e.Handler<OrderSubmitted>(context =>
            {
                seen.Add((context.MessageId, context.SentTime));
                return seen.Count % 2 == 1 ? throw new InvalidOperationException("Not yet.") : Task.CompletedTask;
            });
        })));

        await PublishJson("""{ "orderId": "42" }""");
        await _cloud.AdvanceAsync(TimeSpan.FromMinutes(1));
        await PublishJson("""{ "orderId": "43" }""");
        await _cloud.AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(4, seen.Count);
        Assert.NotNull(seen[0].Id);
        Assert.Equal(seen[0].Id, seen[1].Id);
        Assert.Equal(seen[2].Id, seen[3].Id);
        Assert.NotEqual(seen[0].Id, seen[2].Id);
        Assert.All(seen, x => Assert.Null(x.SentTime));
    }

    [Fact]
    public async Task That_is_redelivered_keeps_count()
    {
        var attempts = 0;
        await _cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddDelayedMessageScheduler(), (_, cfg) => cfg.ReceiveEndpoint("orders", e =>
        {
            e.UseRawJsonSerializer(RawSerializerOptions.AnyMessageType);
            e.UseDelayedRedelivery(r => r.Intervals(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)));
            e.Handler<OrderSubmitted>(_ =>
            {
                attempts++;
                throw new InvalidOperationException("Never.");
            });
        })));

        await PublishJson("""{ "orderId": "42" }""");
        await _cloud.AdvanceAsync(TimeSpan.FromMinutes(10));

        Assert.Equal(3, attempts);
        Assert.Single((await _cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items);
    }

    // As publishJSON of QStash's own SDKs does it.
    async Task PublishJson(string json) => await _cloud.Client.PublishAsync(new QStashMessage
    {
        Destination = "http://orders.test/qstash/orders",
        ContentType = "application/json",
        Body = Encoding.UTF8.GetBytes(json),
        ForwardHeaders = { ["X-Tenant"] = "shop" },
    }, Cancellation);

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();
}

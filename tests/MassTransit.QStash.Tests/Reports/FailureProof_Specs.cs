using System.Text;
using System.Text.Json;
using MassTransit.QStash.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using QStash.Client;

namespace MassTransit.QStash.Tests;

public record Shipped(string OrderId);

/// <summary>
/// Whether an endpoint of ours gave a message up, and so has published its fault, is proven by its answer and not by the form of it.
/// </summary>
public sealed class A_report_of_a_failure : IAsyncLifetime
{
    const string Reason = """{ "reason": "fault", "message": "internal error" }""";

    static readonly Uri Failures = new("http://orders.test/qstash/failures");

    Cloud _cloud = null!;

    public async ValueTask InitializeAsync() => _cloud = await Cloud.StartAsync();

    [Theory]
    [InlineData(500, false)]
    [InlineData(489, true)]
    public async Task By_a_stranger_that_answers_as_we_do_raises_the_fault(int status, bool isNonRetryable)
    {
        await StartHooks(response =>
        {
            response.StatusCode = status;
            if (isNonRetryable)
                response.Headers["Upstash-NonRetryable-Error"] = "true";
        });
        var orders = await StartOrders();

        await Send(orders, new ChargeCard("42"), "http://hooks.test/hook");
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Null(Assert.Single(orders.Observed.Messages<QStashDeliveryFailed>()).Reason);
        Assert.Equal("42", Assert.Single(orders.Observed.Messages<Fault<ChargeCard>>()).Message.OrderId);
    }

    [Fact]
    public async Task By_a_stranger_that_repeats_the_proof_of_one_of_ours_raises_the_fault()
    {
        await StartBilling();
        var orders = await StartOrders();
        await Send(orders, new ChargeCard("1"), "http://billing.test/qstash/charge");
        await _cloud.AdvanceAsync(TimeSpan.FromMinutes(1));
        var ours = Assert.Single(orders.Observed.Messages<QStashDeliveryFailed>());
        Assert.NotNull(ours.Reason);

        await StartHooks(
            response =>
            {
                response.StatusCode = 489;
                foreach (var name in (string[])["Upstash-NonRetryable-Error", "MassTransit-Proof"])
                    response.Headers[name] = ours.ResponseHeaders[name];
            },
            ours.GetResponseText());
        await Send(orders, new ChargeCard("2"), "http://hooks.test/hook");
        await _cloud.AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.Contains(orders.Observed.Messages<Fault<ChargeCard>>(), fault => fault.Message.OrderId == "2");
    }

    // The keys are rolled, and one of the two services has the new pair before the other one.
    [Theory]
    [InlineData("billing")]
    [InlineData("orders")]
    public async Task Is_known_as_one_of_ours_while_keys_are_rolled(string first)
    {
        var old = (_cloud.Emulator.DefaultUser.CurrentSigningKey, _cloud.Emulator.DefaultUser.NextSigningKey);
        var rolled = await _cloud.Client.SigningKeys.RotateAsync(Cancellation);
        var keys = (rolled.Current, rolled.Next);
        await StartBilling(first == "billing" ? keys : old, token: "of-its-own");
        var orders = await StartOrders(first == "orders" ? keys : old);

        await Send(orders, new ChargeCard("42"), "http://billing.test/qstash/charge");
        await _cloud.AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.Equal("fault", Assert.Single(orders.Observed.Messages<QStashDeliveryFailed>()).Reason?.Reason);
        Assert.Empty(orders.Observed.Messages<Fault<ChargeCard>>());
    }

    // A service with the keys of another region as its own proves by them.
    [Fact]
    public async Task Is_known_as_one_of_ours_by_the_keys_of_a_region()
    {
        var keys = (Current: _cloud.Emulator.DefaultUser.CurrentSigningKey, Next: _cloud.Emulator.DefaultUser.NextSigningKey);
        await StartBilling(keys, token: "of-its-own");
        var orders = await StartOrders(("sig_elsewhere_current", "sig_elsewhere_next"), region: keys);

        await Send(orders, new ChargeCard("42"), "http://billing.test/qstash/charge");
        await _cloud.AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.Equal("fault", Assert.Single(orders.Observed.Messages<QStashDeliveryFailed>()).Reason?.Reason);
    }

    // Each time it is made it counts.
    public class Bait
    {
        public static int Made { get; private set; }

        public Bait() => Made++;

        public string? OrderId { get; set; }
    }

    [Theory]
    [InlineData("urn:message:MassTransit.QStash.Tests:A_report_of_a_failure+Bait")]
    [InlineData("urn:message:System.Text:StringBuilder")]
    [InlineData("urn:message:MassTransit.QStash.Tests.Support:Service")]
    public async Task Of_a_message_that_was_never_sent_makes_nothing_of_a_type_the_bus_does_not_have(string urn)
    {
        var orders = await StartOrders();

        await _cloud.Client.PublishAsync(new QStashMessage
        {
            Destination = "http://nowhere.test/hook",
            ContentType = "application/vnd.masstransit+json",
            Body = JsonSerializer.SerializeToUtf8Bytes(new { messageId = NewId.NextGuid(), messageType = new[] { urn }, message = new { orderId = "42" } }),
            FailureCallback = new(Failures) { ForwardHeaders = { ["MassTransit-Callback"] = "failure", ["MassTransit-Callback-Proof"] = "a.b.c" } },
        }, Cancellation);
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Single(orders.Observed.Messages<QStashDeliveryFailed>());
        Assert.Contains(orders.Log.Warnings, line => line.Contains("No fault is raised", StringComparison.Ordinal));
        Assert.Equal(0, Bait.Made);
    }

    // What it sent before it was started anew, it never sent.
    [Fact]
    public async Task Of_a_message_of_an_earlier_process_raises_the_fault()
    {
        var audit = await _cloud.StartServiceAsync("audit", s => s.AddBus(x => x.AddConsumer<Recorder<Fault<Shipped>>>().Endpoint(e => e.Name = "faults")));
        var orders = await StartOrders();
        await Send(orders, new Shipped("42"), "http://nowhere.test/hook");
        await orders.StopAsync();

        await StartOrders();
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal("42", Assert.Single(audit.Observed.Messages<Fault<Shipped>>()).Message.OrderId);
    }

    // The header says "failure", the signed body does not.
    [Theory]
    [InlineData(200)]
    [InlineData(500)]
    public async Task That_is_one_of_an_attempt_raises_no_fault_whatever_its_header_says(int status)
    {
        var orders = await StartOrders();
        var source = new { messageId = NewId.NextGuid(), messageType = new[] { MessageUrn.ForTypeString<ChargeCard>() }, message = new { orderId = "42" } };
        var delivery = Delivery.Of(_cloud, Failures.AbsoluteUri, JsonSerializer.Serialize(new
        {
            status,
            sourceMessageId = "msg_1",
            url = "http://billing.test/qstash/charge",
            sourceHeader = new Dictionary<string, string[]> { ["Content-Type"] = ["application/vnd.masstransit+json"] },
            sourceBody = JsonSerializer.SerializeToUtf8Bytes(source),
        }));
        using var http = new HttpClient();
        using var request = delivery.To(new Uri(orders.LocalAddress, Failures.AbsolutePath), delivery.Sign());
        request.Headers.Add("MassTransit-Callback", "failure");

        Assert.Equal(200, (int)(await http.SendAsync(request, Cancellation)).StatusCode);

        await _cloud.WaitUntilIdleAsync();
        Assert.Empty(orders.Observed.Messages<Fault<ChargeCard>>());
    }

    // Of plain JSON only a header says where its fault goes, and what type it has.
    [Fact]
    public async Task About_plain_json_believes_no_forged_header()
    {
        var orders = await StartOrders();
        using var http = new HttpClient();
        using var request = ForgeReport(orders, "application/json", Encoding.UTF8.GetBytes("""{ "orderId": "42" }"""));
        request.Headers.Add("MassTransit-Callback-Source", JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["MT-MessageType"] = MessageUrn.ForTypeString<ChargeCard>(),
            ["FaultAddress"] = "http://evil.test/hook",
        }));

        await http.SendAsync(request, Cancellation);
        await _cloud.WaitUntilIdleAsync();

        Assert.Empty(_cloud.Emulator.GetSnapshot().User("defaultUser").Messages);
        Assert.Empty(orders.Observed.Messages<Fault<ChargeCard>>());
    }

    [Fact]
    public async Task Is_consumed_also_where_its_fault_cannot_be_sent()
    {
        var orders = await StartOrders();
        var endpoint = await orders.Bus.GetSendEndpoint(new Uri("http://nowhere.test/hook"));

        await endpoint.Send(new ChargeCard("42"), x =>
        {
            x.FaultAddress = new Uri("rabbitmq://localhost/faults");
            x.UseQStash(d =>
            {
                d.Retries = 0;
                d.FailureCallback = new(Failures);
            });
        }, Cancellation);
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Single(orders.Observed.Messages<QStashDeliveryFailed>());
        Assert.Contains(orders.Log.Warnings, line => line.Contains("No fault is raised", StringComparison.Ordinal));
        Assert.Single((await _cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items);
    }

    // A body of any message may have the form of a failure callback, and whoever captured its request can add the header.
    [Fact]
    public async Task Without_a_proof_sends_nothing_to_an_address_in_it()
    {
        var orders = await StartOrders();
        using var http = new HttpClient();
        using var request = ForgeReport(orders, "application/vnd.masstransit+json", JsonSerializer.SerializeToUtf8Bytes(new
        {
            messageId = NewId.NextGuid(),
            faultAddress = "http://evil.test/hook",
            responseAddress = "http://evil.test/hook",
            messageType = new[] { MessageUrn.ForTypeString<ChargeCard>() },
            message = new { orderId = "42" },
        }));

        await http.SendAsync(request, Cancellation);
        await _cloud.WaitUntilIdleAsync();

        var sent = (await _cloud.Client.Logs.ListAsync(cancellationToken: Cancellation)).Items;
        Assert.DoesNotContain(sent, entry => entry.Url?.Contains("evil", StringComparison.Ordinal) == true);
        Assert.Equal("42", Assert.Single(orders.Observed.Messages<Fault<ChargeCard>>()).Message.OrderId);
    }

    Task<Service> StartOrders((string Current, string Next)? keys = null, (string Current, string Next)? region = null) => _cloud.StartServiceAsync("orders", s => s.AddBus(
        x =>
        {
            x.AddConsumer<Recorder<QStashDeliveryFailed>>().Endpoint(e => e.Name = "failures");
            x.AddConsumer<Recorder<Fault<ChargeCard>>>().Endpoint(e => e.Name = "faults");
        },
        (_, cfg) => cfg.Host(h =>
        {
            if (keys is { } pair)
                h.SigningKeys(pair.Current, pair.Next);
            if (region is { } other)
                h.RegionSigningKeys("EU-CENTRAL-1", other.Current, other.Next);
        })));

    Task<Service> StartBilling((string Current, string Next)? keys = null, string? token = null) => _cloud.StartServiceAsync("billing", s => s.AddBus(null, (_, cfg) =>
    {
        cfg.Host(h =>
        {
            h.DeployTopology(false);
            if (keys is { } pair)
                h.SigningKeys(pair.Current, pair.Next);
            if (token is not null)
                h.Token(token);
        });
        cfg.ReceiveEndpoint("charge", e =>
        {
            e.PublishFaults = false;
            e.Handler<ChargeCard>(_ => throw new InvalidOperationException("No funds."));
        });
    }));

    Task StartHooks(Action<HttpResponse> answer, string body = Reason)
    {
        var hooks = _cloud.Build("hooks", s =>
        {
            s.AddBus();
            s.Map(app => app.MapPost("/hook", async (HttpContext http) =>
            {
                answer(http.Response);
                http.Response.ContentType = "application/json";
                await http.Response.WriteAsync(body, http.RequestAborted);
            }));
        });

        return hooks.StartServerAsync();
    }

    static async Task Send<T>(Service service, T message, string address)
        where T : class
    {
        var endpoint = await service.Bus.GetSendEndpoint(new Uri(address));

        await endpoint.Send(message, x => x.UseQStash(d =>
        {
            d.Retries = 0;
            d.FailureCallback = new(Failures) { Retries = 3 };
        }), Cancellation);
    }

    /// <summary>A signed body in the form of a failure callback, with the header that makes it one.</summary>
    HttpRequestMessage ForgeReport(Service orders, string contentType, byte[] sourceBody)
    {
        var delivery = Delivery.Of(_cloud, Failures.AbsoluteUri, JsonSerializer.Serialize(new
        {
            status = 500,
            dlqId = "1-1",
            sourceMessageId = "msg_1",
            url = "http://hooks.test/hook",
            sourceHeader = new Dictionary<string, string[]> { ["Content-Type"] = [contentType] },
            sourceBody,
        }));
        var request = delivery.To(new Uri(orders.LocalAddress, Failures.AbsolutePath), delivery.Sign());
        request.Headers.Add("MassTransit-Callback", "failure");

        return request;
    }

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();
}

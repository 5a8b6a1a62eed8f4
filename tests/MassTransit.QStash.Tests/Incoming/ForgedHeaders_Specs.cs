using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests;

/// <summary>
/// QStash signs the body of a delivery and not its headers. Whoever captures a request can send it again with others, and gains a
/// repeated delivery, nothing more (S1).
/// </summary>
public sealed class A_captured_request : IAsyncLifetime
{
    const string Envelope = "application/vnd.masstransit+json";
    const string Victim = "billing_.nightly";

    static readonly Guid Id = new("11111111-2222-3333-4444-555555555555");

    // What the transport reads of a request, what MassTransit reads, and what only looks like it.
    static readonly string[] Names =
    [
        "Content-Type", "Content-Encoding",
        "Upstash-Message-Id", "Upstash-Retried", "Upstash-Schedule-Id", "Upstash-Topic-Name", "Upstash-Caller-Ip", "Upstash-Region",
        "MassTransit-Headers", "MassTransit-Proof", "MassTransit-Callback", "MassTransit-Callback-Source", "MassTransit-Callback-Proof",
        "MassTransit-Retries", "MassTransit-Timeout", "MassTransit-Parked",
        "MessageId", "CorrelationId", "ConversationId", "RequestId", "InitiatorId", "SourceAddress", "ResponseAddress", "FaultAddress",
        "MT-MessageType", "MT-Host-Info", "MT-Redelivery-Count", "MT-Expiration-Time", "MT-Scheduling-TokenId", "MT-Activity-Id",
        "MT-QStash-Hop", "MT-QStash-ScheduleId", "MT-QStash-ScheduleOwner", "MT-QStash-ScheduleEnd", "MT-Schedule-EndTime",
        "traceparent", "tracestate", "baggage", "EncryptionKeyId", "X-Forwarded-Host", "Forwarded",
    ];

    static readonly string[] Values =
    [
        "", "0", "-1", "99999999", "99999999999999999999", "x", "msg_other", "../schedules", "{}", "{", "[]", "null", "true", "attempt", "failure",
        Victim, "scd_1", "billing", "US-EAST-1", "gzip", "text/plain", "application/json", Envelope, "a/b; charset=", ";;;",
        "99999999-2222-3333-4444-555555555555", "https://evil.example/hook", "http://[", "2020-01-01T00:00:00.0000000+00:00",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "urn:message:System:Uri",
        """{"MT-Schedule-EndTime":"2020-01-01T00:00:00.0000000+00:00","MT-QStash-ScheduleId":"billing_.nightly","MT-QStash-ScheduleOwner":"orders.test/qstash","MT-QStash-ScheduleEnd":"2020-01-01T00:00:00.0000000+00:00"}""",
        """{"MessageId":"99999999-2222-3333-4444-555555555555","RequestId":"99999999-2222-3333-4444-555555555555","ResponseAddress":"https://evil.example/hook","FaultAddress":"https://evil.example/hook","MT-MessageType":"urn:message:System:Uri"}""",
        """{"MT-Activity-Id":"x","MT-Activity-Correlation-Context":"[","MT-Activity-Propagation":"9","MT-Host-Info":"{","MT-Redelivery-Count":"x"}""",
    ];

    readonly HttpClient _http = new();
    readonly ApiCalls _calls = new();
    int _before;
    Cloud _cloud = null!;
    Service _orders = null!;

    public async ValueTask InitializeAsync()
    {
        _cloud = await Cloud.StartAsync();
        _orders = await _cloud.StartServiceAsync("orders", s =>
        {
            s.InterceptApi(_calls.Handler);
            s.AddBus(x => x.AddConsumer<Recorder<CardCharged>>(), (_, cfg) =>
            {
                foreach (var name in (string[])["envelopes", "anything"])
                {
                    cfg.ReceiveEndpoint(name, e =>
                    {
                        e.ConfigureConsumeTopology = false;
                        if (name == "anything")
                            e.UseRawJsonDeserializer();

                        // What an outbox does: the same id each time.
                        e.Handler<ChargeCard>(context =>
                        {
                            s.Observed.Add(context);

                            return context.RequestId is null
                                ? context.Publish(new CardCharged(context.Message.OrderId), x => x.MessageId = Id)
                                : context.RespondAsync(new CardCharged(context.Message.OrderId));
                        });
                    });
                }
            });
        });

        await _cloud.Client.Schedules.CreateAsync(new() { ScheduleId = Victim, Cron = "CRON_TZ=UTC 0 9 * * *", Destination = "http://billing.test/hook" }, Cancellation);
        _before = _calls.All.Count;
    }

    public static TheoryData<string> AllNames() => [.. Names];

    [Theory]
    [MemberData(nameof(AllNames))]
    public async Task Gains_nothing_but_a_repeated_delivery_by_a_changed_added_removed_or_doubled_header(string name)
    {
        foreach (var change in Changes(name))
            Assert.Contains(await Deliver(name, change), (int[])[200, 401, 489]);
        await _cloud.WaitUntilIdleAsync();

        // What was consumed is the message itself, and what the consumer published arrived once.
        Assert.All(_orders.Observed.Contexts<ChargeCard>(), context => Assert.Equal((Id, "42"), (context.MessageId, context.Message.OrderId)));
        Assert.True(_orders.Observed.Messages<CardCharged>().Count <= 1);
        AssertNoPower();
    }

    [Theory]
    [MemberData(nameof(AllNames))]
    public async Task Of_plain_json_asks_for_nothing_by_a_header(string name)
    {
        foreach (var change in Changes(name))
            Assert.Contains(await Deliver(name, change, "anything", """{ "orderId": "42" }""", "application/json"), (int[])[200, 401, 489]);
        await _cloud.WaitUntilIdleAsync();

        Assert.All(_orders.Observed.Contexts<ChargeCard>(), context =>
        {
            Assert.Null(context.RequestId);
            Assert.Null(context.ResponseAddress);
            Assert.Null(context.FaultAddress);
            Assert.NotEqual("99999999-2222-3333-4444-555555555555", context.MessageId?.ToString());
        });
        AssertNoPower();
    }

    [Fact]
    public async Task Is_refused_with_any_other_headers_where_it_was_delivered()
    {
        var delivery = Request("envelopes", CreateEnvelope(), Envelope);
        var signature = delivery.Sign();
        Assert.Equal(HttpStatusCode.OK, await Send(delivery, signature, _ => { }));

        foreach (var name in Names.Where(name => name.StartsWith("Upstash-", StringComparison.Ordinal) || (name.StartsWith("MassTransit-", StringComparison.Ordinal) && name != "MassTransit-Parked") || name.StartsWith("Content-", StringComparison.Ordinal)))
            Assert.Equal((name, HttpStatusCode.Unauthorized), (name, await Send(delivery, signature, request => Set(request, name, "changed"))));

        Assert.Equal(HttpStatusCode.Unauthorized, await Send(delivery, signature, request => request.Headers.Remove("Upstash-Message-Id")));
        Assert.Equal(HttpStatusCode.Unauthorized, await Send(delivery, signature, request => request.Headers.TryAddWithoutValidation("Upstash-Message-Id", "msg_test")));
        // A repeated delivery, also by a proxy that says so in headers of its own.
        Assert.Equal(HttpStatusCode.OK, await Send(delivery, signature, request => Set(request, "X-Request-Id", "2")));
        Assert.Equal(2, _orders.Observed.Messages<ChargeCard>().Count);
        // The first ones of a minute.
        Assert.Equal(10, _orders.Log.Warnings.Count(line => line.Contains("came before with other headers", StringComparison.Ordinal)));
        Assert.DoesNotContain(_orders.Log.Lines, line => line.Contains(signature, StringComparison.Ordinal));
    }

    // QStash signs each attempt anew.
    [Fact]
    public async Task Of_another_attempt_has_other_headers_and_is_taken()
    {
        var delivery = Request("envelopes", CreateEnvelope(), Envelope);

        foreach (var retried in (string[])["0", "1", "2"])
            Assert.Equal(HttpStatusCode.OK, await Send(delivery, delivery.Sign(), request => Set(request, "Upstash-Retried", retried)));
    }

    [Fact]
    public async Task With_any_headers_neither_throws_nor_fills_the_log()
    {
        using var traces = Traces.Collect("MassTransit");
        var random = new Random(17);

        for (var i = 0; i < 600; i++)
        {
            var isEnvelope = random.Next(2) == 0;
            var delivery = isEnvelope ? Request("envelopes", CreateEnvelope(), Envelope) : Request("anything", """{ "orderId": "42" }""", "application/json");
            var changes = Enumerable.Range(0, random.Next(1, 6)).Select(_ => (Name: Names[random.Next(Names.Length)], Value: RandomValue(random))).ToArray();

            var status = await Send(delivery, delivery.Sign(), request =>
            {
                foreach (var (name, value) in changes)
                    Set(request, name, value);
            });

            Assert.True((int)status is 200 or 400 or 401 or 489, $"{i}: {status} {string.Join(" | ", changes)}");
        }

        await _cloud.WaitUntilIdleAsync();
        AssertNoPower();
        Assert.DoesNotContain(_orders.Log.Lines, line => line.Contains("nhandled exception", StringComparison.Ordinal) || line.Contains("NullReference", StringComparison.Ordinal));
    }

    static IEnumerable<Action<HttpRequestMessage, string>> Changes(string name)
    {
        yield return (request, header) => Remove(request, header);
        yield return (request, header) =>
        {
            // Twice the same, and another one beside it.
            foreach (var value in (string[])["msg_test", "msg_test", "other"])
                Add(request, header, value);
        };

        foreach (var value in Values)
        {
            if (name == "Upstash-Region" && value == "US-EAST-1")
                continue;

            yield return (request, header) => Set(request, header, value);
        }
    }

    void AssertNoPower()
    {
        // To publish is what the consumer does.
        var calls = _calls.All.Skip(_before).ToArray();
        Assert.All(calls, call => Assert.Matches("^(POST /v2/(publish|batch)|GET /v2/messages/)", call));
        Assert.DoesNotContain(calls, call => call.Contains("evil", StringComparison.Ordinal));
        Assert.DoesNotContain(_cloud.Emulator.GetSnapshot().User("defaultUser").Messages, message => message.Url.Contains("evil", StringComparison.Ordinal));
        Assert.Single(_cloud.Emulator.GetSnapshot().User("defaultUser").Schedules);
    }

    static string RandomValue(Random random) => random.Next(4) switch
    {
        0 => new string([.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => (char)random.Next(0x20, 0x7f))]),
        1 => random.NextInt64(long.MinValue, long.MaxValue).ToString(CultureInfo.InvariantCulture),
        _ => Values[random.Next(Values.Length)],
    };

    static string CreateEnvelope() => JsonSerializer.Serialize(new
    {
        messageId = Id,
        messageType = new[] { MessageUrn.ForTypeString<ChargeCard>() },
        message = new { orderId = "42" },
    });

    async Task<int> Deliver(string name, Action<HttpRequestMessage, string> change, string endpoint = "envelopes", string? body = null, string contentType = Envelope)
    {
        var delivery = Request(endpoint, body ?? CreateEnvelope(), contentType);

        return (int)await Send(delivery, delivery.Sign(), request => change(request, name));
    }

    Delivery Request(string endpoint, string body, string contentType) => new()
    {
        PublicUrl = $"http://orders.test/qstash/{endpoint}",
        Now = _cloud.Clock.GetUtcNow(),
        SigningKey = _cloud.Emulator.DefaultUser.CurrentSigningKey,
        Body = Encoding.UTF8.GetBytes(body),
        ContentType = contentType,
    };

    async Task<HttpStatusCode> Send(Delivery delivery, string signature, Action<HttpRequestMessage> change)
    {
        using var request = delivery.To(new Uri(_orders.LocalAddress, new Uri(delivery.PublicUrl).AbsolutePath), signature);
        change(request);
        using var response = await _http.SendAsync(request, Cancellation);

        return response.StatusCode;
    }

    static void Set(HttpRequestMessage request, string name, string value)
    {
        Remove(request, name);
        Add(request, name, value);
    }

    static void Remove(HttpRequestMessage request, string name)
    {
        if (name.StartsWith("Content-", StringComparison.Ordinal))
            request.Content!.Headers.Remove(name);
        else
            request.Headers.Remove(name);
    }

    static void Add(HttpRequestMessage request, string name, string value)
    {
        if (name.StartsWith("Content-", StringComparison.Ordinal))
            request.Content!.Headers.TryAddWithoutValidation(name, value);
        else
            request.Headers.TryAddWithoutValidation(name, value);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _cloud.DisposeAsync();
    }
}

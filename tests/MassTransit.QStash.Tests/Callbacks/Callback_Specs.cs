using System.Text;
using System.Text.Json;
using MassTransit.Context;
using MassTransit.QStash.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using QStash.Client;
using QStash.Emulator.Faults;

namespace MassTransit.QStash.Tests;

/// <summary>
/// Callbacks of QStash come back as messages (P4, S8, V9).
/// </summary>
public sealed class Callbacks : IAsyncLifetime
{
    static readonly Uri Deliveries = new("queue:deliveries");
    static readonly Uri Failures = new("queue:failures");

    Cloud _cloud = null!;

    public async ValueTask InitializeAsync() => _cloud = await Cloud.StartAsync();

    [Fact]
    public async Task Tell_the_sender_that_a_message_arrived()
    {
        await StartBilling(_ => Task.CompletedTask);
        var orders = await StartOrders();
        var id = NewId.NextGuid();
        var order = NewId.NextGuid();

        await Send(orders, "http://billing.test/qstash/charge", new ChargeCard("42"), x =>
        {
            x.MessageId = id;
            x.CorrelationId = order;
            x.UseQStash(d =>
            {
                d.Retries = 5;
                d.Callback = new(Deliveries);
            });
        });
        await _cloud.WaitUntilIdleAsync();

        var context = Assert.Single(orders.Observed.Contexts<QStashDelivered>());
        var report = context.Message;
        Assert.StartsWith("msg_", report.QStashMessageId, StringComparison.Ordinal);
        Assert.Equal((id, order), (report.MessageId, report.CorrelationId));
        Assert.Equal((200, 0, 5), (report.Status, report.Retried, report.MaxRetries));
        Assert.Equal(("http://billing.test/qstash/charge", "POST"), (report.Url!.AbsoluteUri, report.Method));
        Assert.Equal(_cloud.Clock.GetUtcNow(), report.CreatedAt);
        Assert.Contains("urn:message:MassTransit.QStash.Tests.Support:ChargeCard", report.MessageTypes);
        Assert.Equal("application/vnd.masstransit+json", report.SourceHeaders["content-type"]);
        Assert.True(context.TryGetSourceMessage<ChargeCard>(out var message));
        Assert.Equal(new ChargeCard("42"), message);
        Assert.False(context.TryGetSourceMessage<CardCharged>(out _));
        // The envelope correlates, and the callback has ids of its own (check 81).
        Assert.Equal(order, context.CorrelationId);
        Assert.NotEqual(report.QStashMessageId, context.ReceiveContext.GetQStashMessage()!.MessageId);
        Assert.Equal(5, context.ReceiveContext.GetQStashMessage()!.MaxRetries);
    }

    [Fact]
    public async Task Come_after_every_attempt_and_only_the_last_one_says_delivered()
    {
        var attempts = 0;
        await StartBilling(_ => ++attempts < 3 ? throw new InvalidOperationException("Not yet.") : Task.CompletedTask, e => e.UseTransportRetry());
        var orders = await StartOrders();

        await Send(orders, "http://billing.test/qstash/charge", new ChargeCard("42"), x => x.UseQStash(d => d.Callback = new(Deliveries)));
        await _cloud.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Equal([(500, 0, false), (500, 1, false)],
            orders.Observed.Messages<QStashDeliveryAttemptFailed>().Select(x => (x.Status, x.Retried, x.IsLast)));
        Assert.Equal([(200, 2)], orders.Observed.Messages<QStashDelivered>().Select(x => (x.Status, x.Retried)));
        Assert.Empty(await DeadLetters());
    }

    [Fact]
    public async Task Tell_of_a_failure_and_why_the_endpoint_gave_the_message_up()
    {
        await StartBilling(_ => throw new InvalidOperationException("No funds."));
        var orders = await StartOrders();

        await Send(orders, "http://billing.test/qstash/charge", new ChargeCard("42"), x => x.UseQStash(d =>
        {
            d.Callback = new(Deliveries);
            d.FailureCallback = new(Failures);
        }));
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        var deadLetter = Assert.Single(await DeadLetters());
        var failed = Assert.Single(orders.Observed.Messages<QStashDeliveryFailed>());
        Assert.Equal((deadLetter.DlqId, 489), (failed.DlqId, failed.Status));
        Assert.Equal(("fault", "No funds."), (failed.Reason!.Reason, failed.Reason.Message));
        Assert.Contains("No funds.", failed.GetResponseText(), StringComparison.Ordinal);
        Assert.True(Assert.Single(orders.Observed.Messages<QStashDeliveryAttemptFailed>()).IsLast);
        // The consumer's own fault, and no second one.
        Assert.Equal("No funds.", Assert.Single(Assert.Single(orders.Observed.Messages<Fault<ChargeCard>>()).Exceptions).Message);
    }

    [Theory]
    [InlineData("http://billing.test/qstash/nothing", 404)]
    [InlineData("http://nowhere.test/qstash/charge", 0)]
    public async Task Raise_one_fault_for_a_message_whose_endpoint_never_got_to(string destination, int status)
    {
        await StartBilling(_ => Task.CompletedTask);
        var orders = await StartOrders();
        var order = NewId.NextGuid();

        await Send(orders, destination, new ChargeCard("42"), x =>
        {
            x.CorrelationId = order;
            x.UseQStash(d => d.FailureCallback = new(Failures));
        });
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        var context = Assert.Single(orders.Observed.Contexts<Fault<ChargeCard>>());
        Assert.Equal("42", context.Message.Message.OrderId);
        Assert.Equal(order, context.CorrelationId);
        Assert.Equal(context.Message.FaultedMessageId, Assert.Single(orders.Observed.Messages<QStashDeliveryFailed>()).MessageId);
        Assert.Contains(status == 0 ? "no answer" : "404", Assert.Single(context.Message.Exceptions).Message, StringComparison.Ordinal);
        Assert.Contains("4 attempt", Assert.Single(context.Message.Exceptions).Message, StringComparison.Ordinal);
    }

    public record Wrapped<T>(T Value, string Note)
        where T : class;

    public record Pair<TFirst, TSecond>(TFirst First, TSecond Second);

    [MessageUrn("card-blocked")]
    public record CardBlocked(string Card);

    [MessageUrn("scheme:card-lost", useDefaultPrefix: false)]
    public record CardLost(string Card);

    public record ChargeGiftCard(string OrderId, string Gift) : ChargeCard(OrderId);

    public static TheoryData<object> Messages() =>
    [
        new Wrapped<ChargeCard>(new ChargeCard("42"), "generic"),
        new Pair<Wrapped<ChargeCard>, int>(new Wrapped<ChargeCard>(new ChargeCard("42"), "nested"), 7),
        new CardBlocked("4000"),
        new CardLost("4000"),
        new ChargeGiftCard("42", "rose"),
    ];

    [Theory]
    [MemberData(nameof(Messages))]
    public async Task Raise_the_fault_whatever_the_type_of_the_message(object message)
    {
        var faults = new List<object>();
        var orders = await StartOrders(null, (_, cfg) => cfg.ReceiveEndpoint("all-faults", e =>
        {
            Listen<Wrapped<ChargeCard>>();
            Listen<Pair<Wrapped<ChargeCard>, int>>();
            Listen<CardBlocked>();
            Listen<CardLost>();
            Listen<ChargeGiftCard>();

            void Listen<T>()
                where T : class => e.Handler<Fault<T>>(context =>
            {
                faults.Add(context.Message.Message);
                return Task.CompletedTask;
            });
        }));

        var endpoint = await orders.Bus.GetSendEndpoint(new Uri("http://nowhere.test/qstash/charge"));
        await endpoint.Send(message, Pipe.Execute<SendContext>(x => x.UseQStash(d => d.FailureCallback = new(Failures))), Cancellation);
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal(message, Assert.Single(faults));
        // Who consumes faults of the base type gets it too.
        Assert.Equal(message is ChargeCard ? 1 : 0, orders.Observed.Messages<Fault<ChargeCard>>().Count);
    }

    // Deployed by somebody who has a newer contract: the base type is the first this process knows.
    [Fact]
    public async Task Raise_the_fault_of_the_base_type_where_the_derived_one_is_unknown()
    {
        var orders = await StartOrders();
        var envelope = new
        {
            messageId = NewId.NextGuid(),
            messageType = new[] { "urn:message:Shop:ChargeVoucher", "urn:message:Shop:Sheet[[Shop:A],[Shop:B", MessageUrn.ForTypeString<ChargeCard>() },
            message = new { orderId = "42" },
        };

        await _cloud.Client.PublishAsync(new()
        {
            Destination = "http://nowhere.test/qstash/charge",
            ContentType = "application/vnd.masstransit+json",
            Body = JsonSerializer.SerializeToUtf8Bytes(envelope),
            FailureCallback = new("http://orders.test/qstash/failures") { ForwardHeaders = { ["MassTransit-Callback"] = "failure" } },
        }, Cancellation);
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal("42", Assert.Single(orders.Observed.Messages<Fault<ChargeCard>>()).Message.OrderId);
    }

    [Fact]
    public async Task Raise_one_fault_for_a_consumer_that_never_answers()
    {
        var consuming = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await StartBilling(context =>
        {
            consuming.TrySetResult();
            return new TaskCompletionSource().Task.WaitAsync(context.CancellationToken);
        });
        var orders = await StartOrders();

        await Send(orders, "http://billing.test/qstash/charge", new ChargeCard("42"), x => x.UseQStash(d =>
        {
            d.Retries = 0;
            d.Timeout = TimeSpan.FromSeconds(10);
            d.FailureCallback = new(Failures) { Retries = 3 };
        }));
        await consuming.Task.WaitAsync(Cancellation);
        _cloud.Clock.Advance(TimeSpan.FromSeconds(11));
        await _cloud.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Equal("42", Assert.Single(orders.Observed.Messages<Fault<ChargeCard>>()).Message.OrderId);
        Assert.Equal(3, Assert.Single(orders.Observed.Contexts<QStashDeliveryFailed>()).ReceiveContext.GetQStashMessage()!.MaxRetries);
    }

    [Fact]
    public async Task Leave_the_fault_to_an_endpoint_that_retries_by_QStash()
    {
        await StartBilling(_ => throw new InvalidOperationException("No funds."), e => e.UseTransportRetry());
        var orders = await StartOrders();

        await Send(orders, "http://billing.test/qstash/charge", new ChargeCard("42"), x => x.UseQStash(d => d.FailureCallback = new(Failures)));
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal("No funds.", Assert.Single(Assert.Single(orders.Observed.Messages<Fault<ChargeCard>>()).Exceptions).Message);
        Assert.Equal(3, Assert.Single(orders.Observed.Messages<QStashDeliveryFailed>()).Retried);
    }

    [Fact]
    public async Task Leave_the_faults_to_an_endpoint_that_rethrows_them()
    {
        await StartBilling(_ => throw new InvalidOperationException("No funds."), e => e.RethrowFaultedMessages());
        var orders = await StartOrders();

        await Send(orders, "http://billing.test/qstash/charge", new ChargeCard("42"), x => x.UseQStash(d =>
        {
            d.Retries = 1;
            d.FailureCallback = new(Failures);
        }));
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal(["No funds.", "No funds."], orders.Observed.Messages<Fault<ChargeCard>>().Select(fault => fault.Exceptions[0].Message));
        var failed = Assert.Single(orders.Observed.Messages<QStashDeliveryFailed>());
        Assert.Equal((500, "fault"), (failed.Status, failed.Reason!.Reason));
    }

    [Fact]
    public async Task Raise_no_fault_for_a_message_nobody_wanted()
    {
        await StartBilling(_ => Task.CompletedTask);
        var orders = await StartOrders();

        await Send(orders, "http://billing.test/qstash/charge", new OrderSubmitted("42"), x => x.UseQStash(d => d.FailureCallback = new(Failures)));
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal("skipped", Assert.Single(orders.Observed.Messages<QStashDeliveryFailed>()).Reason!.Reason);
        Assert.Empty(orders.Observed.Messages<Fault<OrderSubmitted>>());
    }

    [Fact]
    public async Task Answer_a_request_that_could_not_be_delivered()
    {
        var orders = await StartOrders(
            x => x.AddRequestClient<ChargeCard>(new Uri("http://nowhere.test/qstash/charge"), RequestTimeout.After(s: 120)),
            (_, cfg) => cfg.Send<ChargeCard>(x => x.UseDelivery(d =>
            {
                d.Retries = 0;
                d.FailureCallback = new(Failures) { Retries = 3 };
            })));

        var exception = await Assert.ThrowsAsync<RequestFaultException>(() => orders.Request<ChargeCard, CardCharged>(new ChargeCard("42")));

        Assert.Contains("no answer", exception.Fault!.Exceptions[0].Message, StringComparison.Ordinal);
        // To the requester alone.
        Assert.Empty(orders.Observed.Messages<Fault<ChargeCard>>());
    }

    [Fact]
    public async Task Raise_the_fault_once_though_the_callback_comes_again()
    {
        var orders = await StartOrders();
        // The first time, the answer to the callback is lost.
        var lost = _cloud.Emulator.Faults.Add(new FaultRule(FaultAction.DropAnswer) { Destination = "http://orders.test/qstash/failures", Count = 1 });

        await Send(orders, "http://nowhere.test/qstash/charge", new ChargeCard("42"), x => x.UseQStash(d =>
        {
            d.Retries = 0;
            d.FailureCallback = new(Failures) { Retries = 3 };
        }));
        await _cloud.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Equal(1, lost.Hits);
        Assert.Single(orders.Observed.Messages<Fault<ChargeCard>>());
    }

    [Fact]
    public async Task Tell_about_a_webhook_too()
    {
        var hooks = _cloud.Build("hooks", s =>
        {
            s.AddBus();
            s.Map(app =>
            {
                app.MapPost("/hook", () => Results.Text("thank you", statusCode: 202));
                app.MapPost("/gone", () => Results.StatusCode(410));
            });
        });
        await hooks.StartServerAsync();
        var orders = await StartOrders();
        var (id, order) = (NewId.NextGuid(), NewId.NextGuid());

        foreach (var path in new[] { "hook", "gone" })
        {
            await Send(orders, $"http://hooks.test/{path}", new OrderSubmitted("42"), x =>
            {
                x.UseQStash(d => d.PlainJson = true);
                x.MessageId = id;
                x.CorrelationId = order;
                x.UseQStash(d =>
                {
                    d.Retries = 0;
                    d.Callback = new(Deliveries);
                    d.FailureCallback = new(Failures);
                });
            });
        }

        await _cloud.AdvanceAsync(TimeSpan.FromHours(1));

        var context = Assert.Single(orders.Observed.Contexts<QStashDelivered>());
        Assert.Equal((id, order, 202, "thank you"), (context.Message.MessageId, context.Message.CorrelationId, context.Message.Status, context.Message.GetResponseText()));
        Assert.True(context.TryGetSourceMessage<OrderSubmitted>(out var message));
        Assert.Equal(new OrderSubmitted("42"), message);
        Assert.Equal(410, Assert.Single(orders.Observed.Messages<QStashDeliveryFailed>()).Status);
        Assert.Equal(id, Assert.Single(orders.Observed.Messages<Fault<OrderSubmitted>>()).FaultedMessageId);
    }

    [Fact]
    public async Task Of_the_whole_bus_do_not_beget_callbacks()
    {
        var (reports, charged) = (0, 0);
        await StartBilling(_ =>
        {
            charged++;
            return Task.CompletedTask;
        });
        var orders = await StartOrders(null, (_, cfg) =>
        {
            cfg.Host(h => h.Delivery(d =>
            {
                d.Callback = new("queue:again");
                d.FailureCallback = new(Failures);
            }));
            cfg.ReceiveEndpoint("again", e =>
            {
                e.UseDelayedRedelivery(r => r.Interval(1, TimeSpan.FromMinutes(1)));
                e.Handler<QStashDelivered>(async context =>
                {
                    reports++;
                    await context.Send(new Uri("http://billing.test/qstash/charge"), new ChargeCard("again"));
                    if (context.GetRedeliveryCount() == 0)
                        throw new InvalidOperationException("Not yet.");
                });
            });
        });

        await Send(orders, "http://billing.test/qstash/charge", new ChargeCard("42"));
        await Send(orders, "http://nowhere.test/qstash/charge", new ChargeCard("42"));
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        // The first one and its redelivery.
        Assert.Equal(2, reports);
        Assert.Equal(3, charged);
        Assert.Single(orders.Observed.Messages<QStashDeliveryFailed>());
        Assert.Single(orders.Observed.Messages<Fault<ChargeCard>>());
    }

    [Fact]
    public async Task Of_the_whole_bus_can_be_left_out_of_one_send()
    {
        await StartBilling(_ => Task.CompletedTask);
        var orders = await StartOrders(null, (_, cfg) => cfg.Host(h => h.Delivery(d => d.Callback = new(Deliveries))));

        await Send(orders, "http://billing.test/qstash/charge", new ChargeCard("42"), x => x.UseQStash(d => d.Callback = null));
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Empty(orders.Observed.Messages<QStashDelivered>());
    }

    [Fact]
    public async Task Of_one_send_take_nothing_along_of_those_of_the_bus()
    {
        await StartBilling(_ => Task.CompletedTask);
        var orders = await StartOrders(null, (_, cfg) => cfg.Host(h => h.Delivery(d =>
            d.Callback = new("http://hooks.test/reports") { Retries = 0, ForwardHeaders = { ["Authorization"] = "for the hook alone" } })));

        await Send(orders, "http://billing.test/qstash/charge", new ChargeCard("42"), x =>
        {
            x.Delay = TimeSpan.FromHours(1);
            x.UseQStash(d => d.Callback = new(Deliveries));
        });

        var log = Assert.Single((await _cloud.Client.Logs.ListAsync(cancellationToken: Cancellation)).Items);
        var message = (await _cloud.Client.Messages.GetAsync(log.MessageId, Cancellation))!;
        Assert.Equal("http://orders.test/qstash/deliveries", message.Callback);
        Assert.DoesNotContain("Authorization", message.CallbackHeaders.Keys);
    }

    [Fact]
    public async Task That_the_consumer_of_a_report_asks_for_are_kept_though_the_bus_has_the_same()
    {
        var charged = 0;
        await StartBilling(_ =>
        {
            charged++;
            return Task.CompletedTask;
        });
        var reports = 0;
        var callback = new QStashCallbackSettings("queue:again");
        var orders = await StartOrders(null, (_, cfg) =>
        {
            cfg.Host(h => h.Delivery(d => d.Callback = callback));
            cfg.ReceiveEndpoint("again", e => e.Handler<QStashDelivered>(async context =>
            {
                if (++reports == 1)
                    await context.Send(new Uri("http://billing.test/qstash/charge"), new ChargeCard("43"), x => x.UseQStash(d => d.Callback = callback));
            }));
        });

        await Send(orders, "http://billing.test/qstash/charge", new ChargeCard("42"));
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal(2, charged);
        Assert.Equal(2, reports);
    }

    [Fact]
    public async Task Nobody_consumes_are_acknowledged()
    {
        await StartBilling(_ => Task.CompletedTask);
        var orders = await StartOrders(null, (_, cfg) => cfg.ReceiveEndpoint("quiet", _ => { }));

        await Send(orders, "http://billing.test/qstash/charge", new ChargeCard("42"), x => x.UseQStash(d => d.Callback = new("queue:quiet")));
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Empty(await DeadLetters());
    }

    // QStash names the schedule of the message that the callback is about.
    [Fact]
    public async Task Are_of_no_schedule()
    {
        var orders = await StartOrders();

        Assert.Equal(200, await Post(orders, """{ "sourceMessageId": "msg_1", "status": 200 }""", "attempt", scheduleId: "scd_1"));

        Assert.Null(Assert.Single(orders.Observed.Contexts<QStashDelivered>()).ReceiveContext.GetQStashMessage()!.ScheduleId);
    }

    [Fact]
    public async Task Are_verified_like_any_message()
    {
        var orders = await StartOrders();
        var delivery = Delivery.Of(_cloud, "http://orders.test/qstash/deliveries", """{ "sourceMessageId": "msg_1", "status": 200 }""");
        using var http = new HttpClient();

        using var forged = delivery.To(new Uri(orders.LocalAddress, "/qstash/deliveries"), signature: null);
        forged.Headers.Add("MassTransit-Callback", "attempt");

        Assert.Equal(401, (int)(await http.SendAsync(forged, Cancellation)).StatusCode);
        Assert.Empty(orders.Observed.Messages<QStashDelivered>());
    }

    [Fact]
    public async Task That_are_none_of_QStash_go_to_the_dead_letter_queue()
    {
        await StartOrders();

        await _cloud.Client.PublishAsync(new()
        {
            Destination = "http://orders.test/qstash/failures",
            ContentType = "application/json",
            Body = "{ not json"u8.ToArray(),
            ForwardHeaders = { ["MassTransit-Callback"] = "failure" },
        }, Cancellation);
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal("""{"reason":"fault","message":"The body is not that of a callback."}""",
            Encoding.UTF8.GetString(Assert.Single(await DeadLetters()).ResponseBody.Span));
    }

    [Fact]
    public async Task Come_again_until_the_fault_can_be_sent()
    {
        var orders = await StartOrders(service: s => s.InterceptApi(() => new RefusesTheSecondMessage()));

        await Send(orders, "http://nowhere.test/qstash/charge", new ChargeCard("42"), x => x.UseQStash(d =>
        {
            d.Retries = 0;
            d.FailureCallback = new(Failures) { Retries = 3 };
        }));
        await _cloud.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Single(orders.Observed.Messages<Fault<ChargeCard>>());
        Assert.Single(orders.Observed.Messages<QStashDeliveryFailed>());
        Assert.Single(orders.Log.Warnings, line => line.StartsWith("The fault of an undelivered message could not be sent: msg_", StringComparison.Ordinal));
    }

    sealed class RefusesTheSecondMessage : DelegatingHandler
    {
        int _messages;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            request.RequestUri!.AbsolutePath is var path
                && (path.StartsWith("/v2/publish", StringComparison.Ordinal) || path.StartsWith("/v2/batch", StringComparison.Ordinal))
                && Interlocked.Increment(ref _messages) == 2
                ? new HttpResponseMessage(System.Net.HttpStatusCode.Forbidden) { Content = new StringContent("") }
                : await base.SendAsync(request, cancellationToken);
    }

    // Sharp edges 27, 28 and 29: texts for numbers and arrays, and next to nothing.
    [Theory]
    [InlineData("""{ "sourceMessageId": "msg_1", "status": "200", "retried": "1", "maxRetries": "3", "createdAt": "1701198447054", "callerIP": "203.0.113.7", "header": { "X-A": "b" }, "body": "aGk=", "sourceBody": "e30=", "sourceHeader": { "Content-Type": ["application/json"] } }""", 200, 1, "hi")]
    [InlineData("""{ "sourceMessageId": "msg_1", "status": 200 }""", 200, 0, "")]
    public async Task Are_read_however_QStash_writes_them(string json, int status, int retried, string response)
    {
        var orders = await StartOrders();

        Assert.Equal(200, await Post(orders, json, "attempt"));

        var report = Assert.Single(orders.Observed.Messages<QStashDelivered>());
        Assert.Equal((status, retried, response), (report.Status, report.Retried, report.GetResponseText()));
    }

    [Theory]
    [InlineData("""{ "orderId": "42" }""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("no JSON")]
    public async Task With_another_body_go_to_the_dead_letter_queue(string body)
    {
        var orders = await StartOrders();

        Assert.Equal(489, await Post(orders, body, "failure"));
        Assert.Empty(orders.Observed.Messages<QStashDeliveryFailed>());
    }

    [Fact]
    public async Task Go_to_a_url_of_somebody_else_as_QStash_writes_them()
    {
        var bodies = new List<JsonElement>();
        var hooks = _cloud.Build("hooks", s =>
        {
            s.AddBus();
            s.Map(app => app.MapPost("/callback", (JsonElement body) => bodies.Add(body)));
        });
        await hooks.StartServerAsync();
        await StartBilling(_ => Task.CompletedTask);
        var orders = await StartOrders();

        await Send(orders, "http://billing.test/qstash/charge", new ChargeCard("42"), x => x.UseQStash(d => d.Callback = new("http://hooks.test/callback")));
        await _cloud.WaitUntilIdleAsync();

        Assert.Equal(200, Assert.Single(bodies).GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Survive_a_transactional_outbox()
    {
        var orders = await StartOrders();
        var properties = new Dictionary<string, object>();
        await Send(orders, "http://billing.test/qstash/charge", new ChargeCard("42"), x =>
        {
            x.Delay = TimeSpan.FromHours(1);
            x.UseQStash(d => d.Callback = new(Deliveries) { Retries = 2 });
            ((TransportSendContext)x).WritePropertiesTo(properties);
        });

        await Send(orders, "http://billing.test/qstash/charge", new ChargeCard("43"), x => ((TransportSendContext)x).ReadPropertiesFrom(properties));
        var logs = await _cloud.Client.Logs.ListAsync(cancellationToken: Cancellation);
        var sent = await _cloud.Client.Messages.GetAsync(logs.Items[0].MessageId, Cancellation);

        Assert.Equal("http://orders.test/qstash/deliveries", sent!.Callback);
        Assert.Equal(["attempt"], sent.CallbackHeaders["MassTransit-Callback"]);
        Assert.Equal(["2"], sent.CallbackHeaders["MassTransit-Retries"]);
    }

    [Theory]
    [InlineData("queue:a/b", "only letters, digits")]
    [InlineData("topic:group", "QStash calls one URL")]
    [InlineData("ftp://orders.test", "http")]
    public async Task To_an_address_that_is_none_stop_the_bus(string address, string problem)
    {
        var exception = Assert.Throws<ConfigurationException>(() => _cloud.Build("orders",
            s => s.AddBus(null, (_, cfg) => cfg.Host(h => h.Delivery(d => d.FailureCallback = new(address))))));

        Assert.Contains("QStash:Delivery", exception.Message, StringComparison.Ordinal);
        Assert.Contains("FailureCallback", exception.Message, StringComparison.Ordinal);
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
        await Task.CompletedTask;
    }

    [Theory]
    [InlineData("queue:nobody", true)]
    [InlineData("queue:Failures", false)]
    [InlineData("queue:elsewhere", false)]
    [InlineData("https://example.com/hook", false)]
    public async Task Of_the_whole_bus_to_an_endpoint_nobody_knows_are_a_risk_at_the_start(string address, bool isRisk)
    {
        var orders = await StartOrders(null, (_, cfg) => cfg.Host(h =>
        {
            h.Route("elsewhere", new Uri("http://billing.test/qstash/elsewhere"));
            h.Delivery(d => d.FailureCallback = new(address));
        }));

        var report = string.Join('\n', orders.Log.StartReports.Select(line => line.Text));
        Assert.Equal(isRisk, report.Contains($"FailureCallback is '{address}'", StringComparison.Ordinal));
        Assert.Equal(isRisk, report.Contains("h.Route(\"nobody\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_a_send_to_an_endpoint_nobody_knows_fail_the_send()
    {
        var orders = await StartOrders();

        var exception = await Assert.ThrowsAsync<EndpointNotFoundException>(() =>
            Send(orders, "http://billing.test/qstash/charge", new ChargeCard("42"), x => x.UseQStash(d => d.FailureCallback = new("queue:nobody"))));

        Assert.StartsWith("FailureCallback: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains("h.Route(\"nobody\"", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Come_to_an_endpoint_of_another_service_by_its_name()
    {
        await StartBilling(_ => Task.CompletedTask);
        var reports = await _cloud.StartServiceAsync("reports", s => s.AddBus(x => x.AddConsumer<Recorder<QStashDelivered>>().Endpoint(e => e.Name = "all-reports")));
        var orders = await _cloud.StartServiceAsync("shop", s => s.AddBus());

        await Send(orders, "queue:charge", new ChargeCard("42"), x => x.UseQStash(d => d.Callback = new("queue:all-reports")));
        await _cloud.WaitUntilIdleAsync();

        Assert.Single(reports.Observed.Messages<QStashDelivered>());
    }

    Task<Service> StartBilling(MessageHandler<ChargeCard> consume, Action<IReceiveEndpointConfigurator>? configure = null) =>
        _cloud.StartServiceAsync("billing", s => s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint("charge", e =>
        {
            configure?.Invoke(e);
            e.Handler(consume);
        })));

    // "deliveries" and "failures" take the callbacks.
    Task<Service> StartOrders(Action<IBusRegistrationConfigurator>? register = null, Action<IBusRegistrationContext, IQStashBusFactoryConfigurator>? configure = null,
        Action<ServiceBuilder>? service = null) => _cloud.StartServiceAsync("orders", s =>
    {
        service?.Invoke(s);
        s.AddBus(x =>
        {
            x.AddConsumer<Recorder<QStashDelivered>>().Endpoint(e => e.Name = "deliveries");
            x.AddConsumer<Recorder<QStashDeliveryAttemptFailed>>().Endpoint(e => e.Name = "deliveries");
            x.AddConsumer<Recorder<QStashDeliveryFailed>>().Endpoint(e => e.Name = "failures");
            x.AddConsumer<Recorder<Fault<ChargeCard>>>().Endpoint(e => e.Name = "faults");
            x.AddConsumer<Recorder<Fault<OrderSubmitted>>>().Endpoint(e => e.Name = "faults");
            register?.Invoke(x);
        }, configure);
    });

    static async Task Send<T>(Service service, string address, T message, Action<SendContext<T>>? configure = null)
        where T : class
    {
        var endpoint = await service.Bus.GetSendEndpoint(new Uri(address));

        await endpoint.Send(message, x => configure?.Invoke(x), Cancellation);
    }

    async Task<int> Post(Service orders, string body, string kind, string? scheduleId = null)
    {
        var endpoint = kind == "failure" ? "failures" : "deliveries";
        var delivery = Delivery.Of(_cloud, $"http://orders.test/qstash/{endpoint}", body);
        using var http = new HttpClient();
        using var request = delivery.To(new Uri(orders.LocalAddress, $"/qstash/{endpoint}"), delivery.Sign());
        request.Headers.Add("MassTransit-Callback", kind);
        if (scheduleId is not null)
            request.Headers.Add("Upstash-Schedule-Id", scheduleId);

        return (int)(await http.SendAsync(request, Cancellation)).StatusCode;
    }

    async Task<IReadOnlyList<QStashDeadLetter>> DeadLetters() =>
        (await _cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items;

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();
}

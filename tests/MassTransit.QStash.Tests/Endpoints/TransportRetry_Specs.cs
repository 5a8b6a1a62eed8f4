using System.Net;
using System.Text;
using MassTransit.QStash.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using QStash.Client;

namespace MassTransit.QStash.Tests;

/// <summary>
/// Retries that are left to QStash (AP5, S6, V12; masstransit-transport.md 3.6).
/// </summary>
public sealed class An_endpoint_with_transport_retry : IAsyncDisposable
{
    readonly List<DateTimeOffset> _attempts = [];
    Cloud _cloud = null!;
    Service _orders = null!;

    [Fact]
    public async Task Publishes_one_fault_on_the_last_attempt()
    {
        await Start(e => e.UseTransportRetry(), cfg => cfg.Send<OrderSubmitted>(x => x.UseDelivery(d => (d.Retries, d.RetryDelay) = (2, QStashRetryDelay.Expression("60000")))));

        await _orders.Publish(new OrderSubmitted("42"));
        await _cloud.AdvanceAsync(TimeSpan.FromMinutes(1.5));
        Assert.Equal(2, _attempts.Count);
        Assert.Empty(_orders.Observed.Messages<Fault<OrderSubmitted>>());

        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal(3, _attempts.Count);
        Assert.Equal(["Out of stock."], Assert.Single(_orders.Observed.Messages<Fault<OrderSubmitted>>()).Exceptions.Select(x => x.Message));
        var deadLetter = await SingleDeadLetter();
        Assert.Equal(489, deadLetter.ResponseStatus);
        Assert.Contains("Out of stock.", Encoding.UTF8.GetString(deadLetter.ResponseBody.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publishes_no_fault_when_a_later_attempt_succeeds()
    {
        await Start(e => e.UseTransportRetry(), failures: 3);

        await _orders.Publish(new OrderSubmitted("42"));
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal(4, _attempts.Count);
        Assert.Empty(_orders.Observed.Messages<Fault<OrderSubmitted>>());
        Assert.Empty(await DeadLetters());
    }

    [Fact]
    public async Task Waits_as_the_back_off_of_the_message_type_says()
    {
        await Start(e => e.UseTransportRetry(), cfg => cfg.Send<OrderSubmitted>(x =>
            x.UseDelivery(d => (d.Retries, d.RetryDelay) = (4, QStashRetryDelay.Exponential(TimeSpan.FromSeconds(10), max: TimeSpan.FromSeconds(30))))));

        await _orders.Publish(new OrderSubmitted("42"));
        await _cloud.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Equal([10, 20, 30, 30], _attempts.Zip(_attempts.Skip(1), (first, second) => Math.Round((second - first).TotalSeconds)));
    }

    [Fact]
    public async Task Waits_as_long_as_QStash_does_when_nobody_says()
    {
        await Start(e => e.UseTransportRetry());

        await _orders.Publish(new OrderSubmitted("42"));
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        // docs/qstash-contract.md#back-off
        Assert.Equal([12, 148, 1808], _attempts.Zip(_attempts.Skip(1), (first, second) => Math.Round((second - first).TotalSeconds)));
        Assert.Single(_orders.Observed.Messages<Fault<OrderSubmitted>>());
    }

    [Fact]
    public async Task Does_not_retry_a_message_whose_sender_wants_none()
    {
        await Start(e => e.UseTransportRetry(), cfg => cfg.Host(h => h.Delivery(d => d.Retries = 0)));

        await _orders.Publish(new OrderSubmitted("42"));
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Single(_attempts);
        Assert.Single(_orders.Observed.Messages<Fault<OrderSubmitted>>());
        Assert.Equal(489, (await SingleDeadLetter()).ResponseStatus);
    }

    [Fact]
    public async Task Answers_a_waiting_requester_once_on_the_last_attempt()
    {
        await Start(e => e.UseTransportRetry(), cfg => cfg.ReceiveEndpoint("answers", e =>
        {
            e.ConfigureConsumeTopology = false;
            e.Handler<Fault<OrderSubmitted>>(x =>
            {
                _orders.Observed.Add(x);
                return Task.CompletedTask;
            });
        }));
        var endpoint = await _orders.Bus.GetSendEndpoint(new Uri("queue:orders"));

        await endpoint.Send(new OrderSubmitted("42"), x =>
        {
            x.UseQStash(d => d.Retries = 2);
            x.RequestId = NewId.NextGuid();
            x.ResponseAddress = new Uri("http://orders.test/qstash/answers");
        }, Cancellation);
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal(3, _attempts.Count);
        Assert.NotNull(Assert.Single(_orders.Observed.Contexts<Fault<OrderSubmitted>>()).RequestId);
    }

    [Fact]
    public async Task Fails_at_once_for_an_exception_that_is_ignored()
    {
        await Start(e => e.UseTransportRetry(r => r.Ignore<InvalidOperationException>()));

        await _orders.Publish(new OrderSubmitted("42"));
        await _cloud.WaitUntilIdleAsync();

        Assert.Single(_attempts);
        Assert.Single(_orders.Observed.Messages<Fault<OrderSubmitted>>());
        Assert.Equal(489, (await SingleDeadLetter()).ResponseStatus);
    }

    [Fact]
    public async Task Fails_at_once_for_a_body_that_cannot_be_read()
    {
        await Start(e => e.UseTransportRetry());

        await _cloud.Client.PublishAsync(new()
        {
            Destination = "http://orders.test/qstash/orders",
            ContentType = "application/vnd.masstransit+json",
            Body = "{ not json"u8.ToArray(),
        }, Cancellation);
        await _cloud.WaitUntilIdleAsync();

        Assert.Equal(489, (await SingleDeadLetter()).ResponseStatus);
    }

    [Fact]
    public async Task Retries_in_the_process_first_in_each_attempt()
    {
        await Start(e =>
        {
            e.UseTransportRetry();
            e.UseMessageRetry(r => r.Immediate(1));
        }, cfg => cfg.Send<OrderSubmitted>(x => x.UseDelivery(d => d.Retries = 2)));

        await _orders.Publish(new OrderSubmitted("42"));
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal(6, _attempts.Count);
        Assert.Single(_orders.Observed.Messages<Fault<OrderSubmitted>>());
    }

    [Fact]
    public async Task Reports_one_fault_for_a_failure_outside_of_the_consumers()
    {
        await Start(e =>
        {
            e.UseTransportRetry();
            e.UseExecute(_ => throw new InvalidOperationException("No database."));
        });
        var faults = 0;
        var endpoint = _orders.Bus.ConnectReceiveEndpoint("faults", e => e.Handler<ReceiveFault>(_ =>
        {
            faults++;
            return Task.CompletedTask;
        }));
        await endpoint.Ready;

        await _orders.Publish(new OrderSubmitted("42"));
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal(1, faults);
        await SingleDeadLetter();
    }

    [Fact]
    public async Task Tells_its_consumers_which_attempt_it_is_and_how_many_there_will_be()
    {
        var seen = new List<(int, int, bool)>();
        await Start(e => e.UseTransportRetry(), cfg => cfg.Send<OrderSubmitted>(x => x.UseDelivery(d => d.Retries = 1)), consume: context =>
        {
            Assert.True(context.ReceiveContext.TryGetPayload(out QStashMessageContext? delivery));
            seen.Add((delivery.Retried, delivery.MaxRetries, context.ReceiveContext.Redelivered));
        });

        await _orders.Publish(new OrderSubmitted("42"));
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal([(0, 1, false), (1, 1, true)], seen);
    }

    [Fact]
    public async Task Counts_on_three_retries_for_a_message_of_another_sender()
    {
        await Start(e =>
        {
            e.UseTransportRetry();
            e.UseRawJsonDeserializer();
        });

        await _cloud.Client.PublishAsync(new()
        {
            Destination = "http://orders.test/qstash/orders",
            ContentType = "application/json",
            Body = """{ "orderId": "42" }"""u8.ToArray(),
        }, Cancellation);
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal(4, _attempts.Count);
        Assert.Single(_orders.Observed.Messages<Fault<OrderSubmitted>>());
    }

    // A replay may have settings of its own, and the headers of the message stay what they were.
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(4, 5)]
    public async Task Publishes_one_fault_for_a_replay_with_another_number_of_retries(int retries, int attempts)
    {
        await Start(e => e.UseTransportRetry(), cfg => cfg.Send<OrderSubmitted>(x => x.UseDelivery(d => (d.Retries, d.RetryDelay) = (2, QStashRetryDelay.Expression("1000")))));
        await _orders.Publish(new OrderSubmitted("42"));
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Single(_orders.Observed.Messages<Fault<OrderSubmitted>>());
        _attempts.Clear();

        await _cloud.Client.DeadLetterQueue.RetryAsync((await SingleDeadLetter()).DlqId, new() { Retries = retries }, Cancellation);
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal(attempts, _attempts.Count);
        Assert.Equal(2, _orders.Observed.Messages<Fault<OrderSubmitted>>().Count);
        Assert.Equal(489, (await SingleDeadLetter()).ResponseStatus);
    }

    // Default headers of the group, here a number of retries.
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task Publishes_one_fault_where_the_url_group_says_how_often_to_retry(int retries)
    {
        await Start(e => e.UseTransportRetry());
        await _cloud.Client.UrlGroups.SetDefaultHeadersAsync("MassTransit.QStash.Tests.Support.OrderSubmitted",
            new Dictionary<string, string> { ["Upstash-Retries"] = $"{retries}", ["Upstash-Retry-Delay"] = "1000" }, Cancellation);

        await _orders.Publish(new OrderSubmitted("42"));
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal(1 + retries, _attempts.Count);
        Assert.Single(_orders.Observed.Messages<Fault<OrderSubmitted>>());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task Publishes_one_fault_for_a_message_of_another_sender_that_says_how_often(int retries)
    {
        await Start(e =>
        {
            e.UseTransportRetry();
            e.UseRawJsonDeserializer();
        });

        await _cloud.Client.PublishAsync(Order(retries), Cancellation);
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal(1 + retries, _attempts.Count);
        Assert.Single(_orders.Observed.Messages<Fault<OrderSubmitted>>());
    }

    [Fact]
    public async Task Asks_QStash_once_for_each_failed_attempt_and_for_no_other()
    {
        var calls = new ApiCalls();
        await Start(e => e.UseTransportRetry(), failures: 2, service: s => s.InterceptApi(calls.Handler));

        await _orders.Publish(new OrderSubmitted("42"));
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal(3, _attempts.Count);
        Assert.Equal(2, calls.All.Count(call => call.StartsWith("GET /v2/messages/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Believes_the_sender_when_QStash_cannot_be_asked()
    {
        await Start(e => e.UseTransportRetry(), cfg => cfg.Send<OrderSubmitted>(x => x.UseDelivery(d => (d.Retries, d.RetryDelay) = (2, QStashRetryDelay.Expression("1000")))), service: s => s.InterceptApi(() => new Unreadable()));

        await _orders.Publish(new OrderSubmitted("42"));
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal(3, _attempts.Count);
        Assert.Single(_orders.Observed.Messages<Fault<OrderSubmitted>>());
        Assert.Equal(3, _orders.Log.Lines.Count(line => line.Contains("QStash did not say how often it will retry", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(2, 500, 0)]
    [InlineData(3, 489, 1)]
    public async Task Believes_the_sender_when_QStash_does_not_answer_in_time(int retried, int status, int faults)
    {
        var silent = new Silent();
        await Start(e =>
        {
            e.UseTransportRetry();
            e.UseRawJsonDeserializer();
        }, service: s => s.InterceptApi(() => silent));
        using var http = new HttpClient();

        var answering = Deliver(http, retried);
        await silent.Asked.Task.WaitAsync(Cancellation);
        _cloud.Clock.Advance(TimeSpan.FromSeconds(5));

        using var answer = await answering;
        Assert.Equal(status, (int)answer.StatusCode);
        await _cloud.WaitUntilIdleAsync();
        Assert.Equal(faults, _orders.Observed.Messages<Fault<OrderSubmitted>>().Count);
    }

    [Fact]
    public async Task Leaves_a_delivery_to_the_next_attempt_when_the_application_stops_while_QStash_is_asked()
    {
        var silent = new Silent();
        await Start(e =>
        {
            e.UseTransportRetry();
            e.UseRawJsonDeserializer();
        }, service: s =>
        {
            s.InterceptApi(() => silent);
            s.Services.Configure<MassTransitHostOptions>(options => options.ConsumerStopTimeout = TimeSpan.FromMilliseconds(50));
        });
        using var http = new HttpClient();

        var answering = Deliver(http, retried: 3);
        await silent.Asked.Task.WaitAsync(Cancellation);
        await _orders.Bus.StopAsync(Cancellation);

        using var answer = await answering;
        Assert.Equal(503, (int)answer.StatusCode);
        Assert.Equal(0, silent.Messages);
    }

    // Without an id there is nothing to ask about.
    [Theory]
    [InlineData(2, 500)]
    [InlineData(3, 489)]
    public async Task Believes_the_sender_of_a_delivery_without_an_id(int retried, int status)
    {
        var calls = new ApiCalls();
        await Start(e =>
        {
            e.UseTransportRetry();
            e.UseRawJsonDeserializer();
        }, service: s => s.InterceptApi(calls.Handler));
        using var http = new HttpClient();

        using var answer = await Deliver(http, retried, request => request.Headers.Remove("Upstash-Message-Id"));

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.DoesNotContain(calls.All, call => call.StartsWith("GET /v2/messages", StringComparison.Ordinal));
    }

    // Observers, such as those of monitoring, hear of each attempt.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tells_observers_of_each_attempt(bool isOutsideOfConsumers)
    {
        var seen = new Faults();
        await Start(e =>
        {
            e.UseTransportRetry();
            if (isOutsideOfConsumers)
                e.UseExecute(_ => throw new InvalidOperationException("No database."));
        });
        _orders.Bus.ConnectReceiveObserver(seen);

        await _orders.Publish(new OrderSubmitted("42"));
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        await SingleDeadLetter();
        // The last attempt throws no exception to the transport, because the message fails as usual.
        Assert.Equal(isOutsideOfConsumers ? (0, 4) : (4, 3), (seen.Consumers, seen.Receivers));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fails_at_once_for_a_body_of_a_consumer_that_cannot_be_read(bool isOneOfSeveral)
    {
        await Start(e => e.UseTransportRetry(), consume: _ =>
        {
            var exception = new System.Runtime.Serialization.SerializationException("No number.");
            throw isOneOfSeveral ? new AggregateException(exception) : exception;
        });

        await _orders.Publish(new OrderSubmitted("42"));
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Single(_attempts);
    }

    [Fact]
    public async Task Fails_at_once_where_another_transport_delivers()
    {
        _cloud = await Cloud.StartAsync();
        var faults = new TaskCompletionSource<Fault<OrderSubmitted>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var bus = MassTransit.Bus.Factory.CreateUsingInMemory(cfg =>
        {
            cfg.ReceiveEndpoint("orders", e =>
            {
                e.UseTransportRetry();
                e.Handler<OrderSubmitted>(_ => throw new InvalidOperationException("Out of stock."));
            });
            cfg.ReceiveEndpoint("faults", e => e.Handler<Fault<OrderSubmitted>>(context =>
            {
                faults.TrySetResult(context.Message);

                return Task.CompletedTask;
            }));
        });
        await bus.StartAsync(Cancellation);

        await bus.Publish(new OrderSubmitted("42"), Cancellation);

        Assert.Equal("Out of stock.", (await faults.Task.WaitAsync(Cancellation)).Exceptions[0].Message);
        await bus.StopAsync(Cancellation);
    }

    sealed class Faults : IReceiveObserver
    {
        static readonly Uri Orders = new("http://orders.test/qstash/orders");

        public int Consumers { get; private set; }
        public int Receivers { get; private set; }

        public Task PreReceive(ReceiveContext context) => Task.CompletedTask;
        public Task PostReceive(ReceiveContext context) => Task.CompletedTask;
        public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class => Task.CompletedTask;

        public Task ReceiveFault(ReceiveContext context, Exception exception)
        {
            Receivers += context.InputAddress == Orders ? 1 : 0;

            return Task.CompletedTask;
        }

        public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) where T : class
        {
            Consumers++;

            return Task.CompletedTask;
        }
    }

    async Task<HttpResponseMessage> Deliver(HttpClient http, int retried, Action<HttpRequestMessage>? bend = null)
    {
        var delivery = new Delivery
        {
            PublicUrl = "http://orders.test/qstash/orders",
            Now = _cloud.Clock.GetUtcNow(),
            SigningKey = _cloud.Emulator.DefaultUser.CurrentSigningKey,
            Body = """{"orderId":"42"}"""u8.ToArray(),
            Retried = retried,
        };
        using var request = delivery.To(new Uri(_orders.LocalAddress, "qstash/orders"), delivery.Sign());
        bend?.Invoke(request);

        return await http.SendAsync(request, Cancellation);
    }

    // The net below: the last answer had no reason, so who gets the failure callback raises the fault.
    [Fact]
    public async Task Leaves_the_fault_to_the_failure_callback_when_it_could_not_know_that_the_attempt_was_the_last()
    {
        await Start(e =>
        {
            e.UseTransportRetry();
            e.UseRawJsonDeserializer();
        }, service: s => s.InterceptApi(() => new Unreadable()));
        var message = Order(retries: 1);
        message.ForwardHeaders["MassTransit-Headers"] = $$"""{"MessageId":"{{NewId.NextGuid()}}","MT-MessageType":"{{MessageUrn.ForTypeString<OrderSubmitted>()}}"}""";
        message.FailureCallback = new("http://orders.test/qstash/orders") { ForwardHeaders = { ["MassTransit-Callback"] = "failure" } };

        await _cloud.Client.PublishAsync(message, Cancellation);
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal(2, _attempts.Count);
        Assert.Contains("500", Assert.Single(Assert.Single(_orders.Observed.Messages<Fault<OrderSubmitted>>()).Exceptions).Message, StringComparison.Ordinal);
    }

    static QStashMessage Order(int retries) => new()
    {
        Destination = "http://orders.test/qstash/orders",
        ContentType = "application/json",
        Body = """{ "orderId": "42" }"""u8.ToArray(),
        Retries = retries,
        RetryDelay = QStashRetryDelay.Fixed(TimeSpan.FromSeconds(1)),
    };

    sealed class Unreadable : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            request.Method == HttpMethod.Get && request.RequestUri!.AbsolutePath.StartsWith("/v2/messages/", StringComparison.Ordinal)
                ? new HttpResponseMessage(HttpStatusCode.Forbidden) { Content = new StringContent("") }
                : await base.SendAsync(request, cancellationToken);
    }

    sealed class Silent : DelegatingHandler
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Messages { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.AbsolutePath.StartsWith("/v2/publish", StringComparison.Ordinal))
                Messages++;

            if (request.Method != HttpMethod.Get || !request.RequestUri!.AbsolutePath.StartsWith("/v2/messages/", StringComparison.Ordinal))
                return await base.SendAsync(request, cancellationToken);

            var never = new TaskCompletionSource<HttpResponseMessage>();
            Asked.TrySetResult();

            return await never.Task.WaitAsync(cancellationToken);
        }
    }

    async Task Start(Action<IReceiveEndpointConfigurator> configure, Action<IQStashBusFactoryConfigurator>? bus = null,
        int failures = int.MaxValue, Action<ConsumeContext<OrderSubmitted>>? consume = null, Action<ServiceBuilder>? service = null)
    {
        _cloud = await Cloud.StartAsync();
        _orders = await _cloud.StartServiceAsync("orders", s =>
        {
            service?.Invoke(s);
            s.AddBus(
                x => x.AddConsumer<Recorder<Fault<OrderSubmitted>>>().Endpoint(e => e.Name = "faults-of-orders"),
                (_, cfg) =>
                {
                    bus?.Invoke(cfg);
                    cfg.ReceiveEndpoint("orders", e =>
                    {
                        configure(e);
                        e.Handler<OrderSubmitted>(context =>
                        {
                            _attempts.Add(_cloud.Clock.GetUtcNow());
                            consume?.Invoke(context);
                            return _attempts.Count <= failures ? throw new InvalidOperationException("Out of stock.") : Task.CompletedTask;
                        });
                    });
                });
        });
    }

    async Task<QStashDeadLetter> SingleDeadLetter() => Assert.Single(await DeadLetters());

    async Task<IReadOnlyList<QStashDeadLetter>> DeadLetters() =>
        (await _cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items;

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();
}

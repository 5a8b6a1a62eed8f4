using System.Text;
using MassTransit.QStash.Tests.Support;
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
        await Start(e => e.UseTransportRetry(), cfg => cfg.Send<OrderSubmitted>(x => x.UseRetries(2, "60000")));

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
            x.UseRetries(4, QStashRetryDelay.Exponential(TimeSpan.FromSeconds(10), max: TimeSpan.FromSeconds(30)))));

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

        // contract 5.3
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
            x.SetRetries(2);
            x.RequestId = NewId.NextGuid();
            x.ResponseAddress = new Uri("http://orders.test/qstash/answers");
        }, TestContext.Current.CancellationToken);
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
        }, TestContext.Current.CancellationToken);
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
        }, cfg => cfg.Send<OrderSubmitted>(x => x.UseRetries(2)));

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
        await Start(e => e.UseTransportRetry(), cfg => cfg.Send<OrderSubmitted>(x => x.UseRetries(1)), consume: context =>
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
        }, TestContext.Current.CancellationToken);
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal(4, _attempts.Count);
        Assert.Single(_orders.Observed.Messages<Fault<OrderSubmitted>>());
    }

    async Task Start(Action<IReceiveEndpointConfigurator> configure, Action<IQStashBusFactoryConfigurator>? bus = null,
        int failures = int.MaxValue, Action<ConsumeContext<OrderSubmitted>>? consume = null)
    {
        _cloud = await Cloud.StartAsync();
        _orders = await _cloud.StartServiceAsync("orders", s => s.AddBus(
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
            }));
    }

    async Task<QStashDeadLetter> SingleDeadLetter() => Assert.Single(await DeadLetters());

    async Task<IReadOnlyList<QStashDeadLetter>> DeadLetters() =>
        (await _cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: TestContext.Current.CancellationToken)).Items;

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();
}

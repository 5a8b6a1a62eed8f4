using System.Collections;
using System.Text;
using System.Text.Json.Nodes;
using MassTransit.QStash.Tests.Support;
using QStash.Emulator;

namespace MassTransit.QStash.Tests;

/// <summary>
/// An exception may be hard to read. The message that caused it fails all the same, as any other: once.
/// </summary>
public sealed class An_exception_that_is_hard_to_read : IAsyncDisposable
{
    static readonly Dictionary<string, Func<Exception>> Exceptions = new()
    {
        ["a message of null"] = () => new Odd { OnMessage = () => null! },
        ["a message that throws"] = () => new Odd { OnMessage = () => throw new NotSupportedException() },
        ["a text that throws"] = () => new Odd { OnToString = () => throw new NotSupportedException() },
        ["a text of null"] = () => new Odd { OnToString = () => null! },
        ["a stack trace that throws"] = () => new Odd { OnStackTrace = () => throw new NotSupportedException() },
        ["a source that throws"] = () => new Odd { OnSource = () => throw new NotSupportedException() },
        ["data that throws"] = () => new Odd { OnData = () => throw new NotSupportedException() },
        ["data of null"] = () => new Odd { OnData = () => null! },
        ["data that cannot be serialized"] = () => new InvalidOperationException("Out of stock.") { Data = { ["type"] = typeof(string), ["self"] = new Cycle() } },
        ["a cause that throws"] = () => new Odd { OnBase = () => throw new NotSupportedException() },
        ["a cause of null"] = () => new Odd { OnBase = () => null! },
        ["an inner one"] = () => new InvalidOperationException("Out of stock.", new Odd { OnMessage = () => throw new NotSupportedException() }),
        ["an inner one of null"] = () => new InvalidOperationException("Out of stock.", new Odd { OnMessage = () => null! }),
        ["one of several"] = () => new AggregateException("Out of stock.", new InvalidOperationException("readable"), new Odd { OnData = () => throw new NotSupportedException() }),
        ["a hundred inner ones"] = () => Enumerable.Range(0, 100).Aggregate(new InvalidOperationException("Out of stock."), (inner, _) => new InvalidOperationException("Not now.", inner)),
        ["everything at once"] = () => new Odd
        {
            OnMessage = () => throw new NotSupportedException(),
            OnToString = () => throw new NotSupportedException(),
            OnStackTrace = () => throw new NotSupportedException(),
            OnSource = () => throw new NotSupportedException(),
            OnData = () => throw new NotSupportedException(),
            OnBase = () => throw new NotSupportedException(),
        },
    };

    Cloud _cloud = null!;
    Service _orders = null!;
    int _attempts;

    public static TheoryData<string> Names => new(Exceptions.Keys);

    // When traces are collected, MassTransit reads exceptions for them.
    public static TheoryData<string, bool> NamesWithTraces => new(Exceptions.Keys.SelectMany(_ => (bool[])[false, true], (name, traced) => (name, traced)));

    [Theory]
    [MemberData(nameof(NamesWithTraces))]
    public async Task Of_a_consumer_makes_one_attempt_one_fault_and_one_dead_letter(string kind, bool traced)
    {
        using var traces = traced ? Traces.Collect("MassTransit") : null;
        await Start(Exceptions[kind], (e, fail) => e.Handler<OrderSubmitted>(_ => throw fail()));

        var reason = await Fail();

        Assert.Equal(1, _attempts);
        var fault = Assert.Single(_orders.Observed.Messages<Fault<OrderSubmitted>>());
        Assert.Equal("42", fault.Message.OrderId);
        Assert.All(fault.Exceptions, info => Assert.False(string.IsNullOrEmpty(info.ExceptionType)));
        Assert.Empty(_orders.Observed.Messages<ReceiveFault>());
        Assert.Equal("fault", (string?)reason["reason"]);
        Assert.DoesNotContain("NullReference", (string?)reason["exceptionType"], StringComparison.Ordinal);
        Assert.DoesNotContain("NotSupported", (string?)reason["exceptionType"], StringComparison.Ordinal);
        Assert.DoesNotContain("Unreadable", (string?)reason["exceptionType"], StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty((string?)reason["message"]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Of_a_filter_does_too(string kind)
    {
        await Start(Exceptions[kind], (e, fail) =>
        {
            e.UseExecute(_ => throw fail());
            e.Handler<OrderSubmitted>(_ => Task.CompletedTask);
        });

        await Fail();

        Assert.Equal(1, _attempts);
        Assert.Single(_orders.Observed.Messages<ReceiveFault>());
    }

    [Theory]
    [MemberData(nameof(NamesWithTraces))]
    public async Task Is_left_to_QStash_where_retries_are(string kind, bool traced)
    {
        using var traces = traced ? Traces.Collect("MassTransit") : null;
        await Start(Exceptions[kind], (e, fail) =>
        {
            e.UseTransportRetry(retry => retry.Handle(Exceptions[kind]().GetType()));
            e.Handler<OrderSubmitted>(_ => throw fail());
        });

        await Fail();

        // MassTransit itself asks for the cause to know whether an exception is meant.
        Assert.Equal(kind is "a cause that throws" or "everything at once" ? 1 : 4, _attempts);
        Assert.Single(_orders.Observed.Messages<Fault<OrderSubmitted>>());
    }

    [Fact]
    public async Task Keeps_what_can_be_read()
    {
        await Start(() => new Odd { OnData = () => throw new NotSupportedException() }, (e, fail) => e.Handler<OrderSubmitted>(_ => throw fail()));

        await Fail();

        var info = Assert.Single(Assert.Single(_orders.Observed.Messages<Fault<OrderSubmitted>>()).Exceptions);
        Assert.Equal(("Out of stock.", "MassTransit.QStash.Tests"), (info.Message, info.Source));
        Assert.Contains(nameof(An_exception_that_is_hard_to_read), info.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Has_empty_texts_where_nothing_can_be_read()
    {
        await Start(Exceptions["everything at once"], (e, fail) => e.Handler<OrderSubmitted>(_ => throw fail()));

        await Fail();

        var info = Assert.Single(Assert.Single(_orders.Observed.Messages<Fault<OrderSubmitted>>()).Exceptions);
        Assert.Equal(("The exception has no message that could be read.", "", ""), (info.Message, info.Source, info.StackTrace));
    }

    // Only what cannot be read is replaced.
    [Fact]
    public async Task Is_no_exception_that_can_be_read()
    {
        var thrown = new InvalidOperationException("Out of stock.") { Data = { ["shelf"] = 7 } };
        var seen = new Faults();
        await Start(() => thrown, (e, fail) => e.Handler<OrderSubmitted>(_ => throw fail()));
        _orders.Bus.ConnectReceiveObserver(seen);

        await Fail();

        Assert.Same(thrown, Assert.Single(seen.Consumers));
    }

    // MassTransit logs an exception before it tries again.
    [Theory]
    [MemberData(nameof(NamesWithTraces))]
    public async Task Is_retried_and_redelivered_as_any_other(string kind, bool traced)
    {
        using var traces = traced ? Traces.Collect("MassTransit") : null;
        await Start(Exceptions[kind], (e, fail) =>
        {
            e.UseDelayedRedelivery(r => r.Interval(1, TimeSpan.FromMinutes(1)));
            e.UseMessageRetry(r => r.Immediate(1));
            e.Handler<OrderSubmitted>(_ => throw fail());
        });

        var reason = await Fail();

        Assert.Equal(4, _attempts);
        Assert.Single(_orders.Observed.Messages<Fault<OrderSubmitted>>());
        Assert.DoesNotContain("NotSupported", (string?)reason["exceptionType"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Is_the_reason_also_where_no_fault_can_hold_the_message(bool isSettingRight)
    {
        await Start(() => new InvalidOperationException("Out of stock."), (e, fail) => e.Handler<OrderSubmitted>(_ => throw fail()),
            h => h.MaxBodySize(isSettingRight ? 20_000 : 10_000_000), QuotaPlan.None with { MaxMessageSize = 20_000 });

        var reason = await Fail(new string('4', 18_800));

        Assert.Equal(1, _attempts);
        Assert.Equal("Out of stock.", (string?)reason["message"]);
        Assert.Empty(_orders.Observed.Messages<Fault<OrderSubmitted>>());
        Assert.Equal("Out of stock.", Assert.Single(Assert.Single(_orders.Observed.Messages<ReceiveFault>()).Exceptions).Message);
        Assert.Contains(_orders.Log.Warnings, line => line.Contains("cannot be sent, so it goes without the message", StringComparison.Ordinal));
    }

    async Task Start(Func<Exception> create, Action<IReceiveEndpointConfigurator, Func<Exception>> configure, Action<IQStashHostConfigurator>? configureHost = null,
        QuotaPlan? quota = null)
    {
        _cloud = await Cloud.StartAsync(quota: quota);
        _orders = await _cloud.StartServiceAsync("orders", s => s.AddBus(null, (_, cfg) =>
        {
            cfg.Host(configureHost ?? (_ => { }));
            cfg.ReceiveEndpoint("orders", e => configure(e, () =>
            {
                Interlocked.Increment(ref _attempts);
                return create();
            }));
            cfg.ReceiveEndpoint("faults", e =>
            {
                e.Handler<Fault<OrderSubmitted>>(context => Observe(s, context));
                e.Handler<ReceiveFault>(context => Observe(s, context));
            });
        }));
    }

    static Task Observe(ServiceBuilder service, ConsumeContext context)
    {
        service.Observed.Add(context);
        return Task.CompletedTask;
    }

    async Task<JsonNode> Fail(string orderId = "42")
    {
        await _orders.Send("queue:orders", new OrderSubmitted(orderId));
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));
        await _cloud.WaitUntilIdleAsync();

        var letter = Assert.Single((await _cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items);
        Assert.Equal(489, letter.ResponseStatus);

        return JsonNode.Parse(Encoding.UTF8.GetString(letter.ResponseBody.Span))!;
    }

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();

    sealed class Odd : Exception
    {
        public Func<string>? OnMessage { get; init; }
        public Func<string>? OnToString { get; init; }
        public Func<string>? OnStackTrace { get; init; }
        public Func<string>? OnSource { get; init; }
        public Func<IDictionary>? OnData { get; init; }
        public Func<Exception>? OnBase { get; init; }

        public override string Message => OnMessage is null ? "Out of stock." : OnMessage();
        public override string? StackTrace => OnStackTrace is null ? base.StackTrace : OnStackTrace();
        public override IDictionary Data => OnData is null ? base.Data : OnData();
        public override string? Source
        {
            get => OnSource is null ? base.Source : OnSource();
            set => base.Source = value;
        }

        public override Exception GetBaseException() => OnBase is null ? base.GetBaseException() : OnBase();

        public override string ToString() => OnToString is null ? base.ToString() : OnToString();
    }

    sealed class Faults : IReceiveObserver
    {
        public List<Exception> Consumers { get; } = [];

        public Task PreReceive(ReceiveContext context) => Task.CompletedTask;
        public Task PostReceive(ReceiveContext context) => Task.CompletedTask;
        public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class => Task.CompletedTask;

        public Task ReceiveFault(ReceiveContext context, Exception exception) => Task.CompletedTask;

        public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) where T : class
        {
            Consumers.Add(exception);

            return Task.CompletedTask;
        }
    }

    sealed class Cycle
    {
        public Cycle Self => this;
    }
}

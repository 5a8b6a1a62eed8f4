using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests;

/// <summary>
/// A server takes so many headers and no more (Kestrel: 100, and 32 KiB), and answers 431 to the rest, which QStash would retry in vain.
/// </summary>
public sealed class The_headers_of_a_message : IAsyncLifetime
{
    Cloud _cloud = null!;
    Service _orders = null!;

    public async ValueTask InitializeAsync() => _cloud = await Cloud.StartAsync();

    public static TheoryData<string> Ways => ["raw JSON", "plain JSON", "forwarded", "callback", "failure callback"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task That_are_too_large_fail_at_once_and_are_named(string way)
    {
        await Start(way);

        var exception = await Assert.ThrowsAsync<MessageException>(() => Send(way, [("Small", "x"), ("Huge", new string('x', 20_000)), ("Large", new string('y', 6_000))]));

        Assert.Contains("24576 bytes fit", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Huge (2000", exception.Message, StringComparison.Ordinal);
        Assert.True(exception.Message.IndexOf("Huge", StringComparison.Ordinal) < exception.Message.IndexOf("Large (600", StringComparison.Ordinal));
        Assert.Empty(_cloud.Emulator.GetSnapshot().User("defaultUser").Messages);
    }

    [Theory]
    [InlineData("plain JSON")]
    [InlineData("forwarded")]
    [InlineData("callback")]
    [InlineData("failure callback")]
    public async Task That_are_too_many_fail_at_once(string way)
    {
        await Start(way);

        var exception = await Assert.ThrowsAsync<MessageException>(() => Send(way, Enumerable.Range(0, 71).Select(i => ($"X-{i}", "x"))));

        Assert.Contains("and 70 headers", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("raw JSON", 60, 300)]
    [InlineData("forwarded", 60, 330)]
    [InlineData("envelope", 500, 1_000)]
    public async Task Arrive_if_they_fit(string way, int count, int length)
    {
        await Start(way);

        await Send(way, Enumerable.Range(0, count).Select(i => ($"X-{i}", new string('x', length))));
        await _cloud.WaitUntilIdleAsync();

        Assert.Single(_orders.Observed.Messages<ChargeCard>());
    }

    [Fact]
    public async Task Of_a_recurring_message_are_counted_too()
    {
        _orders = await _cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddQStashMessageScheduler()));

        await Assert.ThrowsAsync<MessageException>(() => _orders.Recur(x => x.ScheduleRecurringSend(new Uri("http://orders.test/qstash/charges"), new Recurring("daily", "0 9 * * *"), new ChargeCard("42"),
            Pipe.Execute<SendContext<ChargeCard>>(context => context.UseQStash(d => d.ForwardHeaders["Huge"] = new string('x', 25_000))), Cancellation)));

        Assert.Empty(await _cloud.Client.Schedules.ListAsync(Cancellation));
    }

    async Task Start(string way) => _orders = await _cloud.StartServiceAsync("orders", s => s.AddBus(
        x => x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "charges"),
        (_, cfg) =>
        {
            if (way == "raw JSON")
                cfg.UseRawJsonSerializer();
        }));

    async Task Send(string way, IEnumerable<(string Name, string Value)> headers)
    {
        var endpoint = await _orders.Bus.GetSendEndpoint(new Uri("queue:charges"));

        await endpoint.Send(new ChargeCard("42"), x =>
        {
            switch (way)
            {
                case "plain JSON":
                    x.UseQStash(d => d.PlainJson = true);
                    break;
                case "callback":
                    x.UseQStash(d => Add((d.Callback = new("queue:charges")).ForwardHeaders));
                    return;
                case "failure callback":
                    x.UseQStash(d => Add((d.FailureCallback = new("queue:charges")).ForwardHeaders));
                    return;
            }

            foreach (var (name, value) in headers)
            {
                if (way == "forwarded")
                    x.UseQStash(d => d.ForwardHeaders[name] = value);
                else
                    x.Headers.Set(name, value);
            }
        }, Cancellation);

        void Add(IDictionary<string, string> target)
        {
            foreach (var (name, value) in headers)
                target[name] = value;
        }
    }

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();
}

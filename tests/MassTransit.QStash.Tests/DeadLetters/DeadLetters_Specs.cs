using MassTransit.DependencyInjection;
using MassTransit.QStash.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.QStash.Tests;

/// <summary>
/// The dead letter queue, read and replayed as messages.
/// </summary>
public sealed class Dead_letters : IAsyncLifetime
{
    bool _works;
    Cloud _cloud = null!;
    Service _orders = null!;
    IQStashDeadLetters _deadLetters = null!;

    public async ValueTask InitializeAsync()
    {
        _cloud = await Cloud.StartAsync();
        _orders = await _cloud.StartServiceAsync("orders", s => s.AddBus(null, (_, cfg) =>
        {
            cfg.ReceiveEndpoint("charge", e => e.Handler<ChargeCard>(context =>
            {
                s.Observed.Add(context);
                return _works ? Task.CompletedTask : throw new InvalidOperationException("No funds.");
            }));
            cfg.ReceiveEndpoint("animals", e => e.Handler<IAnimal>(_ => throw new InvalidOperationException("It bites.")));
        }));
        _deadLetters = _orders.Services.GetRequiredService<IQStashDeadLetters>();
    }

    [Fact]
    public async Task Show_the_message_and_the_last_answer()
    {
        var (id, order) = (NewId.NextGuid(), NewId.NextGuid());
        await Send("queue:charge", new ChargeCard("42"), x =>
        {
            x.MessageId = id;
            x.CorrelationId = order;
            x.Headers.Set("Tenant", "Zoë");
        });

        var listed = Assert.Single(await List());
        var read = await _deadLetters.GetAsync(listed.DlqId, Cancellation);

        foreach (var message in new[] { listed, read! })
        {
            Assert.Equal((id, order), (message.MessageId, message.CorrelationId));
            Assert.Equal("Zoë", message.Headers!.Get<string>("Tenant"));
            Assert.True(message.TryGetMessage<ChargeCard>(out var charge));
            Assert.Equal(new ChargeCard("42"), charge);
            Assert.False(message.TryGetMessage<CardCharged>(out _));
            Assert.Equal((489, "fault", "No funds."), (message.Status, message.Reason!.Reason, message.Reason.Message));
            Assert.Equal("System.InvalidOperationException", message.Reason.ExceptionType);
            Assert.Equal("http://orders.test/qstash/charge", message.Letter.Url);
        }

        Assert.Null(await _deadLetters.GetAsync("1-0", Cancellation));
    }

    [Fact]
    public async Task Are_found_by_endpoint_type_reason_and_time()
    {
        await Send("queue:charge", new ChargeCard("42"));
        await Send("queue:charge", new OrderSubmitted("42"));
        await _cloud.AdvanceAsync(TimeSpan.FromHours(1));
        var later = _cloud.Clock.GetUtcNow();
        await Send("queue:animals", new Dog("Rex"));
        await Send("http://nowhere.test/hook", new ChargeCard("43"), x => x.UseQStash(d => d.Retries = 0));

        Assert.Equal(4, (await List()).Count);
        Assert.Equal(2, (await List(new() { EndpointName = "charge" })).Count);
        Assert.Equal(2, (await List(new() { MessageType = typeof(ChargeCard) })).Count);
        Assert.Single(await List(new() { MessageType = typeof(IAnimal) }));
        Assert.Equal("skipped", Assert.Single(await List(new() { Reason = "skipped" })).Reason!.Reason);
        Assert.Equal(2, (await List(new() { From = later })).Count);
        Assert.Equal(2, (await List(new() { To = later.AddMilliseconds(-1) })).Count);

        var unreached = Assert.Single(await List(new() { MessageType = typeof(ChargeCard), From = later }));
        Assert.Null(unreached.Reason);
        Assert.Equal(0, unreached.Status);
    }

    [Fact]
    public async Task Reach_the_consumer_when_replayed_at_once_in_spite_of_deduplication()
    {
        await Send("queue:charge", new ChargeCard("42"), x => x.UseQStash(q => q.DeduplicationId = "order-42"));
        var first = Assert.Single(await List());
        _works = true;

        var messageId = await _deadLetters.ReplayAsync(first.DlqId, Cancellation);
        await _cloud.WaitUntilIdleAsync();

        Assert.NotEqual(first.Letter.MessageId, messageId);
        var seen = _orders.Observed.Contexts<ChargeCard>();
        Assert.Equal(2, seen.Count);
        Assert.Equal(seen[0].MessageId, seen[1].MessageId);
        Assert.Empty(await List());
        Assert.Null(await _deadLetters.ReplayAsync(first.DlqId, Cancellation));
    }

    [Fact]
    public async Task Are_replayed_by_query_once_each_though_they_fail_again()
    {
        for (var i = 0; i < 3; i++)
            await Send("queue:charge", new ChargeCard($"{i}"));
        await Send("queue:animals", new Dog("Rex"));

        Assert.Equal(3, await _deadLetters.ReplayAsync(new QStashDeadLetterQuery { EndpointName = "charge" }, Cancellation));
        await _cloud.WaitUntilIdleAsync();

        Assert.Equal(6, _orders.Observed.Contexts<ChargeCard>().Count);
        Assert.Equal(4, (await List()).Count);
    }

    [Fact]
    public async Task Are_deleted_one_by_one_and_by_query()
    {
        // More than a page.
        for (var i = 0; i < 102; i++)
            await Send("queue:charge", new ChargeCard($"{i}"));
        await Send("queue:animals", new Dog("Rex"));
        var one = (await List(new() { MessageType = typeof(ChargeCard) }))[0];

        Assert.True(await _deadLetters.DeleteAsync(one.DlqId, Cancellation));
        Assert.False(await _deadLetters.DeleteAsync(one.DlqId, Cancellation));
        Assert.Equal(101, await _deadLetters.DeleteAsync(new QStashDeadLetterQuery { MessageType = typeof(ChargeCard) }, Cancellation));

        Assert.True(Assert.Single(await List()).TryGetMessage<Dog>(out _));
    }

    // Without a query, QStash would take everything.
    [Fact]
    public async Task Are_not_moved_by_an_empty_query()
    {
        await Send("queue:charge", new ChargeCard("42"));

        var replay = await Assert.ThrowsAsync<ArgumentException>(() => _deadLetters.ReplayAsync(new QStashDeadLetterQuery(), Cancellation));
        var delete = await Assert.ThrowsAsync<ArgumentException>(() => _deadLetters.DeleteAsync(new QStashDeadLetterQuery(), Cancellation));
        var name = await Assert.ThrowsAsync<ArgumentException>(() => _deadLetters.DeleteAsync(new QStashDeadLetterQuery { EndpointName = "a/b" }, Cancellation));

        Assert.Contains("Set EndpointName", replay.Message, StringComparison.Ordinal);
        Assert.Contains("Set EndpointName", delete.Message, StringComparison.Ordinal);
        Assert.Contains("a/b", name.Message, StringComparison.Ordinal);
        Assert.Single(await List());
    }

    [Fact]
    public async Task With_a_redacted_body_are_shown_without_it_and_replayed_with_it()
    {
        await Send("queue:charge", new ChargeCard("42"), x => x.UseQStash(d => d.RedactFields.Add("body")));
        _works = true;

        var message = Assert.Single(await List());
        await _deadLetters.ReplayAsync(message.DlqId, Cancellation);
        await _cloud.WaitUntilIdleAsync();

        Assert.Null(message.MessageId);
        Assert.False(message.TryGetMessage<ChargeCard>(out _));
        Assert.Equal(new ChargeCard("42"), _orders.Observed.Messages<ChargeCard>()[1]);
    }

    public interface ISecondBus : IBus;

    [Fact]
    public async Task Of_a_further_bus_are_bound_to_it()
    {
        var service = _cloud.Build("second", s => s.Services.AddMassTransit<ISecondBus>(x => x.UsingQStash((_, cfg) => s.UseCloud(cfg))));
        await service.StartServerAsync();
        await Send("queue:charge", new ChargeCard("42"));

        var deadLetters = service.Services.GetRequiredService<Bind<ISecondBus, IQStashDeadLetters>>().Value;

        await foreach (var message in deadLetters.ListAsync(cancellationToken: Cancellation))
            Assert.True(message.TryGetMessage<ChargeCard>(out _));
    }

    async Task Send<T>(string address, T message, Action<SendContext<T>>? configure = null)
        where T : class
    {
        var endpoint = await _orders.Bus.GetSendEndpoint(new Uri(address));

        await endpoint.Send(message, x => configure?.Invoke(x), Cancellation);
        await _cloud.WaitUntilIdleAsync();
    }

    async Task<IReadOnlyList<QStashDeadLetterContext>> List(QStashDeadLetterQuery? query = null)
    {
        var messages = new List<QStashDeadLetterContext>();
        await foreach (var message in _deadLetters.ListAsync(query, Cancellation))
            messages.Add(message);

        return messages;
    }

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();
}

using System.Diagnostics;
using Bridge.Contracts;
using Bridge.Shop;
using MassTransit.QStash.RabbitMq.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.QStash.RabbitMq.Tests;

public class A_bridge_between_two_buses(Support.RabbitMq rabbitMq)
{
    [Theory]
    [InlineData(LegacyTransport.InMemory)]
    [InlineData(LegacyTransport.RabbitMq)]
    public async Task Lets_a_service_that_moved_and_one_that_did_not_work_together(LegacyTransport transport)
    {
        await using var world = await World.StartAsync(transport, rabbitMq);

        await using (var scope = world.Shop.CreateAsyncScope())
            await scope.ServiceProvider.PlaceOrder(99.90m);

        Assert.True(await world.Steps.WaitForAll(TimeSpan.FromMinutes(1)), $"Not seen: {string.Join(", ", world.Steps.Missing)}");
    }

    [Theory]
    [InlineData(LegacyTransport.InMemory)]
    [InlineData(LegacyTransport.RabbitMq)]
    public async Task Brings_an_event_across_once_and_not_back(LegacyTransport transport)
    {
        await using var world = await World.StartAsync(transport, rabbitMq);
        // One after the other, so that what comes back would be seen before what is published next.
        var legacy = await World.ObserveAsync<OrderSubmitted>(world.Legacy, "shop-orders");
        var qstash = await World.ObserveAsync<OrderSubmitted>(world.QStash, "billing-orders");
        var orders = Enumerable.Range(1, 3).Select(n => new OrderSubmitted(NewId.NextGuid(), n)).ToArray();

        foreach (var (bus, order) in new[] { world.Legacy, world.QStash, world.Legacy }.Zip(orders))
        {
            await bus.Publish(order, Cancellation);
            await legacy.WaitAsync();
            await qstash.WaitAsync();
            await world.Emulator.WaitUntilIdleAsync(Cancellation);
        }

        Assert.Equal(orders, legacy.Contexts.Select(context => context.Message));
        Assert.Equal(orders, qstash.Contexts.Select(context => context.Message));
    }

    [Theory]
    [InlineData(LegacyTransport.InMemory)]
    [InlineData(LegacyTransport.RabbitMq)]
    public async Task Keeps_ids_and_headers_both_ways(LegacyTransport transport)
    {
        await using var world = await World.StartAsync(transport, rabbitMq);
        var legacy = await World.ObserveAsync<OrderSubmitted>(world.Legacy, "shop-orders");
        var qstash = await World.ObserveAsync<OrderSubmitted>(world.QStash, "billing-orders");

        foreach (var (bus, far) in new[] { (world.Legacy, qstash), (world.QStash, legacy) })
        {
            var (correlationId, conversationId) = (NewId.NextGuid(), NewId.NextGuid());
            Guid? messageId = null;
            await bus.Publish(new OrderSubmitted(NewId.NextGuid(), 1), x =>
            {
                messageId = x.MessageId;
                x.CorrelationId = correlationId;
                x.ConversationId = conversationId;
                x.Headers.Set("Tenant", "Zoë");
            }, Cancellation);
            await legacy.WaitAsync();
            await qstash.WaitAsync();

            var arrived = far.Contexts.Last();
            Assert.Equal((messageId, correlationId, conversationId, "Zoë"),
                (arrived.MessageId, arrived.CorrelationId, arrived.ConversationId, arrived.Headers.Get<string>("Tenant")));
        }
    }

    [Theory]
    [InlineData(LegacyTransport.InMemory)]
    [InlineData(LegacyTransport.RabbitMq)]
    public async Task That_forwards_a_message_again_brings_one_copy(LegacyTransport transport)
    {
        await using var world = await World.StartAsync(transport, rabbitMq);
        var legacy = await World.ObserveAsync<OrderSubmitted>(world.Legacy, "shop-orders");
        var qstash = await World.ObserveAsync<OrderSubmitted>(world.QStash, "billing-orders");
        var (repeated, last) = (NewId.NextGuid(), NewId.NextGuid());

        foreach (var id in new[] { repeated, repeated, last })
        {
            await world.Legacy.Publish(new OrderSubmitted(id, 1), x => x.MessageId = id, Cancellation);
            await legacy.WaitAsync();
        }

        while (qstash.Contexts.All(context => context.MessageId != last))
            await qstash.WaitAsync();

        await world.Emulator.WaitUntilIdleAsync(Cancellation);
        Assert.Equal([repeated, repeated, last], legacy.Contexts.Select(context => context.MessageId!.Value));
        Assert.Equal(new[] { repeated, last }.Order(), qstash.Contexts.Select(context => context.MessageId!.Value).Order());
    }

    [Theory]
    [InlineData(LegacyTransport.InMemory)]
    [InlineData(LegacyTransport.RabbitMq)]
    public async Task Brings_a_fault_back_to_who_asked(LegacyTransport transport)
    {
        await using var world = await World.StartAsync(transport, rabbitMq);

        await using var scope = world.Shop.CreateAsyncScope();
        var exception = await Assert.ThrowsAsync<RequestFaultException>(() => scope.ServiceProvider.PlaceOrder(-1));

        Assert.Contains("negative", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_a_sample_that_sees_every_step()
    {
        var port = await rabbitMq.RequireAsync();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Bridge.dll"), "--once"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["RabbitMq"] = $"amqp://guest:guest@127.0.0.1:{port}";
        using var program = Process.Start(start)!;

        var output = await program.StandardOutput.ReadToEndAsync(Cancellation);
        await program.WaitForExitAsync(Cancellation);

        Assert.True(program.ExitCode == 0, output);
    }
}

using MassTransit.QStash.Tests.Support;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using QStash.Emulator.Faults;

namespace MassTransit.QStash.Tests;

public class MassTransits_test_harness
{
    [Fact]
    public async Task Sees_what_crosses_the_real_transport()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.Services.AddMassTransitTestHarness(x =>
        {
            x.AddConsumer<Recorder<OrderSubmitted>>();
            x.UsingQStash((context, cfg) =>
            {
                cfg.Host(s.UseCloud);
                cfg.ConfigureEndpoints(context);
            });
        }));
        var harness = orders.Services.GetRequiredService<ITestHarness>();

        await harness.Bus.Publish(new OrderSubmitted("42"), TestContext.Current.CancellationToken);

        Assert.True(await harness.Published.Any<OrderSubmitted>(TestContext.Current.CancellationToken));
        Assert.True(await harness.Consumed.Any<OrderSubmitted>(TestContext.Current.CancellationToken));
        Assert.True(await harness.GetConsumerHarness<Recorder<OrderSubmitted>>().Consumed.Any<OrderSubmitted>(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Waits_for_a_message_that_is_on_its_way_through_QStash()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartAsync(cloud, inactivityTimeout: TimeSpan.FromMilliseconds(50));
        var harness = orders.Services.GetRequiredService<ITestHarness>();
        // QStash takes its time, on its own clock.
        cloud.Emulator.Faults.Add(new FaultRule(FaultAction.Delay) { Delay = TimeSpan.FromMinutes(1), Count = 1 });

        await harness.Bus.Publish(new OrderSubmitted("42"), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<TimeoutException>(() => Inactivity(harness).WaitAsync(TimeSpan.FromMilliseconds(500), TestContext.Current.CancellationToken));
        await cloud.AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.True(await harness.Consumed.Any<OrderSubmitted>(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Gives_up_soon_when_nothing_is_on_its_way()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartAsync(cloud, inactivityTimeout: TimeSpan.FromSeconds(1));
        var harness = orders.Services.GetRequiredService<ITestHarness>();

        // Neither what is due later, nor what nobody gets, nor what is sent elsewhere.
        await harness.Bus.Publish(new OrderSubmitted("later"), x => x.Delay = TimeSpan.FromDays(1), TestContext.Current.CancellationToken);
        await harness.Bus.Publish(new ChargeCard("42"), TestContext.Current.CancellationToken);
        await orders.Send("http://billing.test/qstash/cards", new ChargeCard("42"));
        await orders.Send("queue:orders", new OrderSubmitted("42"));

        // Far below the test timeout of 30 seconds; the test as a whole would not survive that.
        await Inactivity(harness).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal(["42"], harness.Consumed.Select<OrderSubmitted>(TestContext.Current.CancellationToken).Select(x => x.Context.Message.OrderId));
        Assert.False(await harness.Consumed.Any<ChargeCard>(TestContext.Current.CancellationToken));
    }

    static Task Inactivity(ITestHarness harness)
    {
        var inactive = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        harness.InactivityToken.Register(() => inactive.TrySetResult());

        return inactive.Task;
    }

    static Task<Service> StartAsync(Cloud cloud, TimeSpan inactivityTimeout) => cloud.StartServiceAsync("orders", s => s.Services.AddMassTransitTestHarness(x =>
    {
        x.SetTestTimeouts(testInactivityTimeout: inactivityTimeout);
        x.AddQStashInactivity();
        x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e => e.Name = "orders");
        x.UsingQStash((context, cfg) =>
        {
            cfg.Host(s.UseCloud);
            cfg.ConfigureEndpoints(context);
        });
    }));
}

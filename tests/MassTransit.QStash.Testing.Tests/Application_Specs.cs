using MassTransit.Testing;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using QStash.Emulator.Faults;
using Reminders;

namespace MassTransit.QStash.Testing.Tests;

/// <summary>
/// The sample Reminders, which names an address and no keys in its code, under <c>WebApplicationFactory</c>.
/// </summary>
public class An_application_in_the_test_environment
{
    static CancellationToken Cancelled => Cancellation;

    [Fact]
    public async Task Sends_the_reminder_in_three_days()
    {
        await using var qstash = await QStashTestEnvironment.StartAsync(cancellationToken: Cancelled);
        await using var app = Start(qstash, "orders");
        var harness = app.Services.GetTestHarness();

        await harness.Bus.Publish(new OrderSubmitted(NewId.NextGuid()), Cancelled);
        await qstash.WaitUntilIdleAsync(Cancelled);
        await qstash.AdvanceAsync(TimeSpan.FromDays(3) - TimeSpan.FromMinutes(1), Cancelled);
        Assert.False(await harness.Published.Any<ReminderSent>(Cancelled));

        await qstash.AdvanceAsync(TimeSpan.FromMinutes(1), Cancelled);

        Assert.True(await harness.Published.Any<ReminderSent>(Cancelled));
    }

    [Fact]
    public async Task Sends_none_for_an_order_that_is_paid()
    {
        await using var qstash = await QStashTestEnvironment.StartAsync(cancellationToken: Cancelled);
        await using var app = Start(qstash, "orders");
        var harness = app.Services.GetTestHarness();
        var order = NewId.NextGuid();

        await harness.Bus.Publish(new OrderSubmitted(order), Cancelled);
        await qstash.WaitUntilIdleAsync(Cancelled);
        var saga = harness.GetSagaStateMachineHarness<OrderStateMachine, Order>();
        Assert.Equal(order, await saga.Exists(order, x => x.Unpaid));

        await harness.Bus.Publish(new OrderPaid(order), Cancelled);
        await qstash.AdvanceAsync(TimeSpan.FromDays(4), Cancelled);

        Assert.False(await harness.Published.Any<ReminderSent>(Cancelled));
        Assert.Null(await saga.NotExists(order));
    }

    [Fact]
    public async Task Is_seen_by_MassTransits_harness_until_nothing_is_on_its_way()
    {
        await using var qstash = await QStashTestEnvironment.StartAsync(cancellationToken: Cancelled);
        await using var app = Start(qstash, "orders");
        var harness = app.Services.GetTestHarness();
        using var http = app.CreateClient();

        (await http.PostAsync(new Uri($"/orders/{Guid.NewGuid()}", UriKind.Relative), null, Cancelled)).EnsureSuccessStatusCode();

        Assert.True(await harness.Consumed.Any<OrderSubmitted>(Cancelled));
        Assert.True(await harness.GetSagaStateMachineHarness<OrderStateMachine, Order>().Consumed.Any<OrderSubmitted>(Cancelled));
        Assert.False(await harness.Consumed.Any<SendReminder>(Cancelled));
    }

    [Fact]
    public async Task Is_delivered_to_again_when_it_failed()
    {
        await using var qstash = await QStashTestEnvironment.StartAsync(cancellationToken: Cancelled);
        await using var app = Start(qstash, "orders");
        var harness = app.Services.GetTestHarness();
        qstash.Emulator.Faults.Add(new FaultRule(FaultAction.Refuse) { Count = 1 });

        await harness.Bus.Publish(new SendReminder(NewId.NextGuid()), Cancelled);
        await qstash.WaitUntilIdleAsync(Cancelled);
        Assert.False(await harness.Published.Any<ReminderSent>(Cancelled));
        await qstash.AdvanceAsync(TimeSpan.FromMinutes(1), Cancelled);

        Assert.True(await harness.Published.Any<ReminderSent>(Cancelled));
    }

    [Fact]
    public async Task Can_be_started_again_under_its_name()
    {
        await using var qstash = await QStashTestEnvironment.StartAsync(cancellationToken: Cancelled);
        await using (var first = Start(qstash, "orders"))
            await first.Services.GetTestHarness().Bus.Publish(new OrderSubmitted(NewId.NextGuid()), x => x.Delay = TimeSpan.FromHours(1), Cancelled);

        await using var second = Start(qstash, "orders");
        var harness = second.Services.GetTestHarness();
        await qstash.AdvanceAsync(TimeSpan.FromHours(1), Cancelled);

        Assert.Single(harness.Consumed.Select<OrderSubmitted>(Cancelled));
    }

    [Fact]
    public async Task Cannot_have_a_name_that_another_has()
    {
        await using var qstash = await QStashTestEnvironment.StartAsync(cancellationToken: Cancelled);
        await using var first = Start(qstash, "orders");
        await using var second = new WebApplicationFactory<Program>().WithWebHostBuilder(web => web.UseQStashTestEnvironment(qstash, "orders"));

        var refused = Assert.Throws<InvalidOperationException>(() => second.Server);

        Assert.Contains("orders.test", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Talks_to_another()
    {
        await using var qstash = await QStashTestEnvironment.StartAsync(cancellationToken: Cancelled);
        await using var orders = Start(qstash, "orders");
        await using var other = await StartShipping(qstash);

        await orders.Services.GetTestHarness().Bus.Publish(new SendReminder(NewId.NextGuid()), Cancelled);

        Assert.True(await other.GetTestHarness().Consumed.Any<ReminderSent>(Cancelled));
    }

    [Theory]
    [InlineData("")]
    [InlineData("order service")]
    [InlineData("a.b")]
    public async Task Needs_a_name_that_can_be_a_host(string name)
    {
        await using var qstash = await QStashTestEnvironment.StartAsync(cancellationToken: Cancelled);

        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddQStashTestEnvironment(qstash, name));
    }

    static async Task<ServiceProvider> StartShipping(QStashTestEnvironment qstash)
    {
        var shipping = new ServiceCollection()
            .AddMassTransit(x =>
            {
                x.AddConsumer<ReminderSentConsumer>();
                x.UsingQStash((context, cfg) => cfg.ConfigureEndpoints(context));
            })
            .AddQStashTestEnvironment(qstash, "shipping")
            .BuildServiceProvider(true);
        await shipping.StartTestHarness();

        return shipping;
    }

    static WebApplicationFactory<Program> Start(QStashTestEnvironment qstash, string name)
    {
        var app = new WebApplicationFactory<Program>().WithWebHostBuilder(web => web.UseQStashTestEnvironment(qstash, name));
        _ = app.Server;

        return app;
    }

    sealed class ReminderSentConsumer : IConsumer<ReminderSent>
    {
        public Task Consume(ConsumeContext<ReminderSent> context) => Task.CompletedTask;
    }
}

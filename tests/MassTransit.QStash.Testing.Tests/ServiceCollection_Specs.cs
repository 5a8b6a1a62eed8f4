using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.QStash.Testing.Tests;

/// <summary>
/// As MassTransit's own tests do it: there is no application and no web host.
/// </summary>
public class A_service_collection_in_the_test_environment
{
    static CancellationToken Cancelled => Cancellation;

    [Fact]
    public async Task Consumes_what_comes_through_QStash()
    {
        await using var qstash = await QStashTestEnvironment.StartAsync(cancellationToken: Cancelled);
        await using var provider = Build(qstash);
        var harness = await provider.StartTestHarness();

        await harness.Bus.Publish(new SubmitOrder("42"), Cancelled);

        Assert.True(await harness.Consumed.Any<SubmitOrder>(Cancelled));
        Assert.True(await harness.GetConsumerHarness<SubmitOrderConsumer>().Consumed.Any<SubmitOrder>(Cancelled));
        Assert.True(await harness.Published.Any<OrderAccepted>(Cancelled));
        Assert.False(await harness.Consumed.Any<OrderAccepted>(Cancelled));
        Assert.NotNull(harness.Consumed.Select<SubmitOrder>(Cancelled).First().Context.ReceiveContext.GetQStashMessage());
    }

    [Fact]
    public async Task Gets_an_answer_to_a_request()
    {
        await using var qstash = await QStashTestEnvironment.StartAsync(cancellationToken: Cancelled);
        await using var provider = Build(qstash);
        var harness = await provider.StartTestHarness();

        var answer = await harness.GetRequestClient<CheckOrder>().GetResponse<OrderStatus>(new CheckOrder("42"), Cancelled);

        Assert.Equal("42: open", answer.Message.Status);
    }

    [Fact]
    public async Task Works_with_the_harness_that_MassTransit_adds()
    {
        await using var qstash = await QStashTestEnvironment.StartAsync(cancellationToken: Cancelled);
        await using var provider = new ServiceCollection()
            .AddMassTransitTestHarness(x =>
            {
                x.AddConsumer<SubmitOrderConsumer>();
                x.UsingQStash((context, cfg) => cfg.ConfigureEndpoints(context));
            })
            .AddQStashTestEnvironment(qstash, "orders")
            .BuildServiceProvider(true);
        var harness = await provider.StartTestHarness();

        await harness.Bus.Publish(new SubmitOrder("42"), Cancelled);

        Assert.True(await harness.GetConsumerHarness<SubmitOrderConsumer>().Consumed.Any<SubmitOrder>(Cancelled));
    }

    [Fact]
    public async Task Fails_as_at_QStash_and_goes_to_the_dead_letters()
    {
        await using var qstash = await QStashTestEnvironment.StartAsync(cancellationToken: Cancelled);
        await using var provider = Build(qstash);
        var harness = await provider.StartTestHarness();

        await harness.Bus.Publish(new SubmitOrder("wrong"), Cancelled);
        await qstash.WaitUntilIdleAsync(Cancelled);

        Assert.True(await harness.Published.Any<Fault<SubmitOrder>>(Cancelled));
        Assert.Single(Assert.Single(qstash.Emulator.GetSnapshot().Users, user => user.Name == qstash.Emulator.DefaultUser.Name).DeadLetters);
    }

    static ServiceProvider Build(QStashTestEnvironment qstash) => new ServiceCollection()
        .AddMassTransit(x =>
        {
            x.AddConsumer<SubmitOrderConsumer>();
            x.AddConsumer<CheckOrderConsumer>();
            x.UsingQStash((context, cfg) =>
            {
                // Of the real service, which the environment replaces.
                cfg.Host(h => h.Token("a-token-of-the-real-service"));
                cfg.ConfigureEndpoints(context);
            });
        })
        .AddQStashTestEnvironment(qstash, "orders")
        .BuildServiceProvider(true);

    sealed record SubmitOrder(string OrderId);

    sealed record OrderAccepted(string OrderId);

    sealed record CheckOrder(string OrderId);

    sealed record OrderStatus(string Status);

    sealed class SubmitOrderConsumer : IConsumer<SubmitOrder>
    {
        public Task Consume(ConsumeContext<SubmitOrder> context) => context.Message.OrderId == "wrong"
            ? throw new InvalidOperationException("There is no such order.")
            : context.Publish(new OrderAccepted(context.Message.OrderId));
    }

    sealed class CheckOrderConsumer : IConsumer<CheckOrder>
    {
        public Task Consume(ConsumeContext<CheckOrder> context) => context.RespondAsync(new OrderStatus($"{context.Message.OrderId}: open"));
    }
}

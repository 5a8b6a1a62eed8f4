using MassTransit.Mediator;
using MassTransit.QStash.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.QStash.Tests;

public class The_mediator
{
    public record Price(string OrderId);

    public record Priced(decimal Amount);

    sealed class Pricing : IConsumer<Price>
    {
        public Task Consume(ConsumeContext<Price> context) => context.RespondAsync(new Priced(9.99m));
    }

    [Fact]
    public async Task Works_beside_the_bus_without_crossing_it()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>());
            s.Services.AddMediator(x => x.AddConsumer<Pricing>());
        });
        var mediator = orders.Services.GetRequiredService<IMediator>();

        var price = await mediator.CreateRequestClient<Price>().GetResponse<Priced>(new Price("42"), Cancellation);
        await orders.Publish(new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(9.99m, price.Message.Amount);
        Assert.Single(orders.Observed.Messages<OrderSubmitted>());
        Assert.Single((await cloud.Client.Logs.ListAsync(new() { State = global::QStash.Client.QStashMessageState.Delivered }, cancellationToken: Cancellation)).Items);
    }
}

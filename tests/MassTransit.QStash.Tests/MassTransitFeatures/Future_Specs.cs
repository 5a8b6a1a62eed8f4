using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests;

public class A_future
{
    public record OrderTable(Guid OrderId, string Table);

    public record TableReady(Guid OrderId, string Table, int Seats);

    public record LayTable(Guid OrderId, string Table);

    public record TableLaid(Guid OrderId, int Seats);

    public class TableFuture : Future<OrderTable, TableReady>
    {
        public TableFuture()
        {
            ConfigureCommand(x => x.CorrelateById(context => context.Message.OrderId));

            SendRequest<LayTable>(x => x.UsingRequestFactory(context => new LayTable(context.Message.OrderId, context.Message.Table)))
                .OnResponseReceived<TableLaid>(x => x.SetCompletedUsingFactory(context =>
                    new TableReady(context.Message.OrderId, context.GetCommand<OrderTable>().Table, context.Message.Seats)));
        }
    }

    sealed class Waiter : IConsumer<LayTable>
    {
        public Task Consume(ConsumeContext<LayTable> context) => context.Message.Table.Length == 0
            ? throw new InvalidOperationException("Which table?")
            : context.RespondAsync(new TableLaid(context.Message.OrderId, 4));
    }

    [Fact]
    public async Task Asks_other_endpoints_and_answers_when_they_have()
    {
        await using var cloud = await Cloud.StartAsync();
        var restaurant = await StartAsync(cloud);
        var orderId = NewId.NextGuid();

        var response = await restaurant.Request<OrderTable, TableReady>(new OrderTable(orderId, "by the window"));
        Assert.Equal(new TableReady(orderId, "by the window", 4), response.Message);

        // It is durable: who asks again gets the same result.
        response = await restaurant.Request<OrderTable, TableReady>(new OrderTable(orderId, "by the window"));
        Assert.Equal(4, response.Message.Seats);
    }

    [Fact]
    public async Task Hands_a_fault_on_to_who_asked()
    {
        await using var cloud = await Cloud.StartAsync();
        var restaurant = await StartAsync(cloud);

        var exception = await Assert.ThrowsAsync<RequestFaultException>(() => restaurant.Request<OrderTable, TableReady>(new OrderTable(NewId.NextGuid(), "")));

        Assert.Contains("Which table?", exception.Message, StringComparison.Ordinal);
    }

    static Task<Service> StartAsync(Cloud cloud) => cloud.StartServiceAsync("restaurant", s => s.AddBus(
        x =>
        {
            x.SetInMemorySagaRepositoryProvider();
            x.AddDelayedMessageScheduler();
            x.AddConsumer<Waiter>();
            x.AddFuture<TableFuture>();
            x.AddRequestClient<OrderTable>();
        },
        (_, cfg) => cfg.UseDelayedMessageScheduler()));
}

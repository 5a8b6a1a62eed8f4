using MassTransit;
using OrderFlow.Contracts;
using OrderFlow.Delivery;
using OrderFlow.Running;
using OrderFlow.Time;
using QStash.Client;

namespace OrderFlow.Orders;

/// <summary>
/// Takes orders over HTTP and tells the rest of the world.
/// </summary>
static class OrdersService
{
    public const string Name = "orders";
    public const string DailyReport = "daily-report";

    public static WebApplication Build(Connection connection, FlowTrace trace)
    {
        var builder = connection.CreateBuilder(connection.Orders, trace);

        builder.Services.AddMassTransit(x =>
        {
            x.SetKebabCaseEndpointNameFormatter();
            x.AddQStashMessageScheduler();

            x.AddConsumer<ConfirmationConsumer>();
            x.AddConsumer<ReminderConsumer>();
            x.AddConsumer<ChargeFailedConsumer>();
            x.AddConsumer<DailyReportConsumer>();
            x.AddConsumer<ParcelConsumer>().Endpoint(e => e.AddConfigureEndpointCallback(endpoint => endpoint.UseTransportRetry()));
            x.AddRequestClient<CheckCredit>();

            x.AddSagaStateMachine<PaymentStateMachine, Payment>().InMemoryRepository();
            x.AddConsumer<CountStockConsumer>();

            x.AddConsumer<PackOrderConsumer>();
            x.AddConsumer<DeliveryReportConsumer>();
            x.AddConsumer<UpdateStockConsumer>();

            x.UsingQStash((context, cfg) =>
            {
                cfg.Host(connection.Orders.PublicAddress, h =>
                {
                    h.ServiceName(Name);
                    h.MaxRateLimitWait(TimeSpan.FromSeconds(10));
                    h.Route("charge-card", new Uri(connection.Billing.PublicAddress, "qstash/charge-card"));
                });
                cfg.UseQStashMessageScheduler();
                cfg.Schedules(s => s.Cron<SendDailyReport>(DailyReport, "0 9 * * *", "Europe/Berlin"));
                cfg.Send<ParcelMoved>(s =>
                {
                    s.UseOrderedDelivery(parcel => parcel.OrderId);
                    s.UseDelivery(d => (d.Retries, d.RetryDelay) = (3, QStashRetryDelay.Fixed(TimeSpan.FromMilliseconds(300))));
                });
                cfg.Send<UpdateStock>(s => s.UseDelivery(d => d.FlowControl = new() { Key = "stock", Parallelism = 1 }));
                cfg.ConfigureEndpoints(context);
            });
        });

        var app = builder.Build();

        app.MapQStash();
        app.MapPost("/orders", PlaceOrder);
        Carrier.Map(app);

        return app;
    }

    static async Task<IResult> PlaceOrder(Order order, IRequestClient<CheckCredit> credit, IPublishEndpoint publisher,
        ISendEndpointProvider sender, IMessageScheduler scheduler, FlowTrace trace)
    {
        var orderId = NewId.NextGuid();

        var approval = await credit.GetResponse<CreditApproved>(new CheckCredit(orderId, order.Total));
        trace.Seen(FlowStep.CreditApproved, $"billing answered from {approval.SourceAddress}");

        await publisher.Publish(new OrderSubmitted(orderId, order.Total));
        await scheduler.SchedulePublish(TimeSpan.FromSeconds(2), new RemindCustomer(orderId));

        var chargeCard = await sender.GetSendEndpoint(new Uri("queue:charge-card"));
        await chargeCard.Send(new ChargeCard(orderId, order.CardNumber));

        // Sent together, consumed one after the other.
        string[] stops = ["packed", "on the way", "delivered"];
        await Task.WhenAll(stops.Select(stop => publisher.Publish(new ParcelMoved(orderId, stop))));

        return Results.Accepted($"/orders/{orderId}");
    }
}

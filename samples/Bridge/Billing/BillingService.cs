using MassTransit;

namespace Bridge.Billing;

/// <summary>The service that has moved. Nothing in it knows of RabbitMQ.</summary>
public static class BillingService
{
    public static void AddBilling(this IServiceCollection services, Uri address, Action<IQStashHostConfigurator> connect) =>
        services.AddMassTransit(x =>
        {
            x.AddConsumer<CheckCreditConsumer>().Endpoint(e => e.Name = "check-credit");
            x.AddConsumer<InvoiceConsumer>().Endpoint(e => e.Name = "invoice");
            x.AddConsumer<ChargeCardConsumer>().Endpoint(e => e.Name = "charge-card");

            x.UsingQStash((context, cfg) =>
            {
                cfg.Host(address, h =>
                {
                    h.ServiceName("billing");
                    connect(h);
                });
                cfg.ConfigureEndpoints(context);
            });
        });
}

using MassTransit;
using OrderFlow.Running;

namespace OrderFlow.Billing;

/// <summary>
/// Knows who may order, writes invoices, and charges cards.
/// </summary>
static class BillingService
{
    public static WebApplication Build(Connection connection, FlowTrace trace)
    {
        var builder = connection.CreateBuilder(connection.Billing, trace);

        builder.Services.AddMassTransit(x =>
        {
            x.SetKebabCaseEndpointNameFormatter();

            x.AddConsumer<CreditConsumer>();
            x.AddConsumer<InvoiceConsumer>();
            x.AddConsumer<ChargeCardConsumer>();

            x.UsingQStash((context, cfg) =>
            {
                cfg.Host(connection.Billing.PublicAddress);
                cfg.ConfigureEndpoints(context);
            });
        });

        var app = builder.Build();

        app.MapQStash();

        return app;
    }
}

using FunctionsWorker;
using MassTransit;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();

builder.Services.AddQStashDeliveryHandler();
builder.Services.AddMassTransit(x =>
{
    x.AddConsumer<OrderSubmittedConsumer>();

    x.UsingQStash((context, cfg) =>
    {
        cfg.Host(h =>
        {
            h.DeployTopology(false);                                  // a step of the deployment does it
            h.Delivery(d => d.Timeout = TimeSpan.FromSeconds(220));   // below the 230 s of an HTTP trigger
        });
        cfg.ConfigureEndpoints(context);
    });
});

await builder.Build().RunAsync();

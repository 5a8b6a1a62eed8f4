using MassTransit;
#if (!worker)
using QStashService1.App.Contracts;
#endif

var builder = WebApplication.CreateBuilder(args);

builder.Services.AddMassTransit(x =>
{
    x.SetKebabCaseEndpointNameFormatter();
    x.AddConsumers(typeof(Program).Assembly);

    // The settings are in appsettings.Development.json, and in the environment where it is deployed: see README.md.
    x.UsingQStash((context, cfg) => cfg.ConfigureEndpoints(context));
});

var app = builder.Build();

// QStash delivers to POST /qstash/{endpoint}.
app.MapQStash();
app.MapHealthChecks("/health");
#if (!worker)

app.MapPost("/orders/{id}", async (string id, IPublishEndpoint bus, CancellationToken cancellationToken) =>
{
    await bus.Publish(new OrderSubmitted(id), cancellationToken);
    return Results.Accepted();
});
#endif

app.Run();

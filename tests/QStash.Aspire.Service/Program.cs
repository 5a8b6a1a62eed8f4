using MassTransit;
using QStash.Aspire.Service;

var builder = WebApplication.CreateBuilder(args);

builder.Services.AddSingleton<Bills>();
builder.Services.AddMassTransit(x =>
{
    x.SetKebabCaseEndpointNameFormatter();
    if (builder.Configuration["Role"] == "billing")
        x.AddConsumer<OrderPlacedConsumer>();

    x.UsingQStash((context, cfg) =>
    {
        // All the rest is what WithReference has set.
        cfg.Host(h => h.UseEmulator());
        cfg.ConfigureEndpoints(context);
    });
});
builder.Services.AddHealthChecks();

var app = builder.Build();
app.MapQStash();
app.MapHealthChecks("/health");
app.MapPost("/orders/{id}", (string id, IPublishEndpoint publish, CancellationToken cancellationToken) => publish.Publish(new OrderPlaced(id), cancellationToken));
app.MapGet("/bills/{id}", async (string id, Bills bills, CancellationToken cancellationToken) =>
{
    await bills.WaitAsync(id, cancellationToken);
    return id;
});
app.Run();

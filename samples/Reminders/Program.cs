using MassTransit;
using Reminders;

var builder = WebApplication.CreateBuilder(args);

builder.Services.AddMassTransit(x =>
{
    x.AddQStashMessageScheduler();
    x.AddConsumer<SendReminderConsumer>();
    x.AddSagaStateMachine<OrderStateMachine, Order>().InMemoryRepository();
    x.UsingQStash((context, cfg) =>
    {
        cfg.Host(new Uri("https://orders.example.com"));
        cfg.UseQStashMessageScheduler();
        cfg.ConfigureEndpoints(context);
    });
});

var app = builder.Build();

app.MapQStash();
app.MapPost("/orders/{id:guid}", async (Guid id, IPublishEndpoint bus) => await bus.Publish(new OrderSubmitted(id)));

app.Run();

public partial class Program;

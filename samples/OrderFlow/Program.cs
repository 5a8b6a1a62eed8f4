// Two services, orders and billing, that talk through QStash. Begin with Orders/OrdersService.cs: a request and its response, a
// fan-out, a scheduled message, one that recurs every morning, messages that stay in order through a retry, and one that ends in
// the dead letter queue. Then Time and Delivery, for what else QStash can do about both.
//
//   dotnet run --project samples/OrderFlow            runs until Ctrl+C
//   dotnet run --project samples/OrderFlow -- --once  exits with 0 when every step was seen, else with 1

using MassTransit;
using OrderFlow.Billing;
using OrderFlow.Contracts;
using OrderFlow.Delivery;
using OrderFlow.Orders;
using OrderFlow.Running;
using OrderFlow.Time;
using QStash.Client;

var started = DateTimeOffset.UtcNow;
var trace = new FlowTrace();
var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();

await using var connection = await Connection.OpenAsync(configuration);
await using var orders = OrdersService.Build(connection, trace);
await using var billing = BillingService.Build(connection, trace);

trace.Print("QStash", connection.Description);

foreach (var (app, address) in new[] { (billing, connection.Billing), (orders, connection.Orders) })
{
    await app.StartAsync();
    var bus = app.Services.GetRequiredService<IBusControl>();
    if (await bus.WaitForHealthStatus(BusHealthStatus.Healthy, TimeSpan.FromSeconds(20)) != BusHealthStatus.Healthy)
    {
        trace.Print("Failed", $"{address.Name} could not join its URL groups");
        return 1;
    }

    trace.Print(address.Name, $"listens on port {address.Port}, QStash delivers to {address.PublicAddress}qstash/…");
}

using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{connection.Orders.Port}") };
var accepted = await http.PostAsJsonAsync("/orders", new Order(99.90m, "4000-0000-0000-0069"));
trace.Print("POST /orders", $"{(int)accepted.StatusCode} {accepted.Headers.Location}");

await using (var scope = orders.Services.CreateAsyncScope())
{
    await TimeSteps.Run(scope.ServiceProvider, trace);
    await DeliverySteps.Run(scope.ServiceProvider, new Uri(connection.Orders.PublicAddress, Carrier.Path), trace);
}

var deadline = TimeSpan.FromSeconds(45);
try
{
    await Task.WhenAll(FindDeadLetter(), FindSchedule(), trace.All).WaitAsync(deadline);

    trace.Print("Done", "every step was seen");
}
catch (TimeoutException)
{
    trace.Print("Failed", $"not seen: {string.Join(", ", trace.Missing)}");
}

if (!args.Contains("--once"))
{
    Console.WriteLine("Press Ctrl+C to stop.");
    await orders.WaitForShutdownAsync();
}

// With the real QStash it would go on, and wake nobody.
await using (var scope = orders.Services.CreateAsyncScope())
{
    await scope.ServiceProvider.GetRequiredService<IRecurringMessageScheduler>()
        .CancelScheduledRecurringSend(OrdersService.DailyReport, OrdersService.Name);
}

await orders.StopAsync();
await billing.StopAsync();

return trace.Missing.Count == 0 ? 0 : 1;

async Task FindDeadLetter()
{
    var deadLetters = orders.Services.GetRequiredService<IQStashDeadLetters>();
    var charges = new QStashDeadLetterQuery { EndpointName = "charge-card", MessageType = typeof(ChargeCard), From = started };

    using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(200));

    while (await poll.WaitForNextTickAsync())
    {
        await foreach (var deadLetter in deadLetters.ListAsync(charges))
        {
            trace.Seen(FlowStep.DeadLetterFound, $"{deadLetter.DlqId}: {deadLetter.Reason?.Message}");
            return;
        }
    }
}

async Task FindSchedule()
{
    var schedules = await orders.Services.GetRequiredService<IQStashClient>().Schedules.ListAsync();

    if (schedules.FirstOrDefault(schedule => schedule.ScheduleId.Contains(OrdersService.DailyReport)) is { } schedule)
        trace.Seen(FlowStep.ReportScheduled, $"{schedule.Cron}, next at {schedule.NextRun:u}");
}

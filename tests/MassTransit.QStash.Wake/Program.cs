// Usage: MassTransit.QStash.Wake qstash|memory|bare <port> [--api <url of an API with any certificate>] [--deploy] [--publish]
// A service that is woken by its first request, POST /qstash/orders. Without --deploy and --publish it calls nobody.

using MassTransit;
using MassTransit.QStash.Benchmarks.Messages;
using MassTransit.QStash.Wake;
using QStash.Client;

var transport = args[0];
var builder = WebApplication.CreateSlimBuilder();
builder.WebHost.UseUrls($"http://127.0.0.1:{args[1]}");
builder.Logging.ClearProviders();

if (transport != "bare")
{
    builder.Services.AddSingleton(new Orders(args.Contains("--publish")));
    builder.Services.Configure<MassTransitHostOptions>(options => options.WaitUntilStarted = true);
    builder.Services.AddMassTransit(x =>
    {
        x.AddConsumer<OrderConsumer>().Endpoint(e => e.Name = "orders");

        if (transport == "qstash")
        {
            x.UsingQStash((context, cfg) =>
            {
                cfg.Host("https://orders.example.com", h =>
                {
                    h.Token("eyJVc2VySUQiOiJ3YWtlIn0=");
                    h.SigningKeys("sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r", "sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs");
                    h.DeployTopology(args.Contains("--deploy"));
                    if (Option("--api") is { } api)
                        h.Url(new Uri(api));
                });
                cfg.ConfigureEndpoints(context);
            });
        }
        else
            x.UsingInMemory((context, cfg) => cfg.ConfigureEndpoints(context));
    });

    if (Option("--api") is not null)
    {
        builder.Services.AddQStashHttpClient().UseSocketsHttpHandler((handler, _) =>
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null);
    }
}

var app = builder.Build();

if (transport == "qstash")
    app.MapQStash();
else if (transport == "memory")
    app.MapPost("/qstash/orders", Publish);
else
    app.MapPost("/qstash/orders", async http => await http.Request.ReadFromJsonAsync<OrderPlaced>());

await app.RunAsync();

string? Option(string name) => args.SkipWhile(argument => argument != name).Skip(1).FirstOrDefault();

// Answers when the message was consumed, as a delivery of QStash is answered.
static async Task Publish(HttpContext http)
{
    var order = await http.Request.ReadFromJsonAsync<OrderPlaced>(http.RequestAborted);
    await http.RequestServices.GetRequiredService<IBus>().Publish(order!, http.RequestAborted);
    await http.RequestServices.GetRequiredService<Orders>().Consumed;
}

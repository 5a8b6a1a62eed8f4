// Usage: MassTransit.QStash.Wake qstash|memory|bare <port> <signing key> [--api <url of an API with any certificate>] [--deploy] [--publish]
// A service that is woken by its first request, POST /qstash/orders. Without --deploy and --publish it calls nobody.

using System.Net;
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
                    h.SigningKeys(args[2], args[2] + "Next");
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
        builder.Services.AddQStashHttpClient().UseSocketsHttpHandler((handler, _) => TakeAnyCertificate(handler));
}

var app = builder.Build();

if (transport == "qstash")
    app.MapQStash();
else if (transport == "memory")
    app.MapPost("/qstash/orders", Publish);
else if (args.Contains("--publish"))
    app.MapPost("/qstash/orders", Post);
else
    app.MapPost("/qstash/orders", (OrderPlaced order) => Results.Ok());

await app.RunAsync();

string? Option(string name) => args.SkipWhile(argument => argument != name).Skip(1).FirstOrDefault();

static void TakeAnyCertificate(SocketsHttpHandler handler) =>
    handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;

// What the first call of HttpClient over TLS costs, without MassTransit and the client of QStash.
async Task<IResult> Post(OrderPlaced order)
{
    using var handler = new SocketsHttpHandler();
    TakeAnyCertificate(handler);
    using var http = new HttpClient(handler) { DefaultRequestVersion = HttpVersion.Version20 };
    using var answer = await http.PostAsJsonAsync($"{Option("--api")}v2/publish/https://orders.example.com/qstash/orders", order);

    return Results.StatusCode((int)answer.StatusCode);
}

// Answers when the message was consumed, as a delivery of QStash is answered.
static async Task Publish(OrderPlaced order, IBus bus, Orders orders)
{
    await bus.Publish(order);
    await orders.Consumed;
}

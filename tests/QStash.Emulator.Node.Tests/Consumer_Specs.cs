using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using QStash.Emulator.Node.Tests.Support;

namespace QStash.Emulator.Node.Tests;

/// <summary>A service written in JavaScript, and one with MassTransit.</summary>
public class A_consumer_of_MassTransit(JavaScript javaScript) : NodeTest(javaScript)
{
    public record OrderSubmitted(string OrderId);

    [Fact]
    public async Task Gets_what_the_official_client_publishes_as_json()
    {
        var consumed = new TaskCompletionSource<ConsumeContext<OrderSubmitted>>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var orders = await StartAsync(e =>
        {
            e.UseRawJsonDeserializer();
            e.Handler<OrderSubmitted>(context =>
            {
                consumed.TrySetResult(context);
                return Task.CompletedTask;
            });
        });

        await ScriptAsync("await client.publishJSON({ url: given, body: { orderId: '42' }, headers: { 'X-Tenant': 'blue' } })", $"{orders.Urls.Single()}/qstash/orders");
        await IdleAsync();

        var context = await consumed.Task.WaitAsync(Cancellation);
        Assert.Equal(new OrderSubmitted("42"), context.Message);
        Assert.Equal("blue", context.Headers.Get<string>("X-Tenant"));
    }

    async Task<WebApplication> StartAsync(Action<IReceiveEndpointConfigurator> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        var address = $"http://127.0.0.1:{FreePort.Find()}"; // Must be known before the server runs: the signature covers it.
        builder.WebHost.UseUrls(address);
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.Configure<MassTransitHostOptions>(options => options.WaitUntilStarted = true);
        builder.Services.AddMassTransit(x => x.UsingQStash((_, cfg) =>
        {
            cfg.Host(address, h => h.UseEmulator(Emulator.Url));
            cfg.ReceiveEndpoint("orders", configure);
        }));
        var app = builder.Build();
        app.MapQStash();
        await app.StartAsync(Cancellation);

        return app;
    }
}

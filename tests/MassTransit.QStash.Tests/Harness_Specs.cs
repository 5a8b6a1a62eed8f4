using MassTransit.QStash.Tests.Support;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.QStash.Tests;

public class MassTransits_test_harness
{
    [Fact]
    public async Task Sees_what_crosses_the_real_transport()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.Services.AddMassTransitTestHarness(x =>
        {
            x.AddConsumer<Recorder<OrderSubmitted>>();
            x.UsingQStash((context, cfg) =>
            {
                cfg.Host(s.UseCloud);
                cfg.ConfigureEndpoints(context);
            });
        }));
        var harness = orders.Services.GetRequiredService<ITestHarness>();

        await harness.Bus.Publish(new OrderSubmitted("42"), TestContext.Current.CancellationToken);

        Assert.True(await harness.Published.Any<OrderSubmitted>(TestContext.Current.CancellationToken));
        Assert.True(await harness.Consumed.Any<OrderSubmitted>(TestContext.Current.CancellationToken));
        Assert.True(await harness.GetConsumerHarness<Recorder<OrderSubmitted>>().Consumed.Any<OrderSubmitted>(TestContext.Current.CancellationToken));
    }
}

using System.Globalization;
using MassTransit.QStash.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using QStash.Client;

namespace MassTransit.QStash.Tests;

/// <summary>
/// The regions of QStash share nothing, and a service that moves from one to the other gets messages of both.
/// </summary>
public class A_service_in_two_regions
{
    // testUser1 of the development server, so that the second region has a token and keys of its own.
    const string UsToken = "eyJVc2VySUQiOiJ0ZXN0VXNlcjEiLCJQYXNzd29yZCI6InRlc3RQYXNzd29yZCJ9";
    const string UsCurrent = "sig_7GVPjvuwsfqF65iC8fSrs1dfYruM";
    const string UsNext = "sig_5NoELc3EFnZn4DVS5bDs2Nk4b7Ua";

    [Fact]
    public async Task Takes_the_deliveries_of_both()
    {
        await using var cloud = await Cloud.StartAsync();
        await using var us = await cloud.StartRegionAsync(QStashRegion.UsEast1);
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e => e.Name = "orders"),
            (_, cfg) =>
            {
                cfg.UseRawJsonDeserializer();
                cfg.Host(h => h.RegionSigningKeys("us-east-1", UsCurrent, UsNext));
            }));

        await Publish(cloud.Client, "eu");
        await Publish(Client(cloud, us), "us");
        await cloud.WaitUntilIdleAsync();
        await us.WaitUntilIdleAsync(Cancellation);

        Assert.Equal(["eu", "us"], orders.Observed.Messages<OrderSubmitted>().Select(x => x.OrderId).Order());
        Assert.Equal([QStashRegion.EuCentral1, QStashRegion.UsEast1], orders.Observed.Contexts<OrderSubmitted>()
            .Select(x => x.ReceiveContext.GetQStashMessage()!.Region).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Refuses_the_region_whose_keys_it_does_not_have()
    {
        await using var cloud = await Cloud.StartAsync();
        await using var us = await cloud.StartRegionAsync(QStashRegion.UsEast1);
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e => e.Name = "orders")));

        await Publish(Client(cloud, us), "us");
        await us.WaitUntilIdleAsync(Cancellation);

        Assert.Empty(orders.Observed.Messages<OrderSubmitted>());
        Assert.Contains("InvalidSignature", Assert.Single(orders.Log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publishes_to_the_one_that_QSTASH_REGION_names()
    {
        await using var cloud = await Cloud.StartAsync();
        await using var us = await cloud.StartRegionAsync(QStashRegion.UsEast1);
        var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["QSTASH_TOKEN"] = "the token of the other region",
                ["QSTASH_REGION"] = "US_EAST_1",
                ["US_EAST_1_QSTASH_URL"] = us.Url.AbsoluteUri,
                ["US_EAST_1_QSTASH_TOKEN"] = us.DefaultUser.Token,
                ["US_EAST_1_QSTASH_CURRENT_SIGNING_KEY"] = us.DefaultUser.CurrentSigningKey,
                ["US_EAST_1_QSTASH_NEXT_SIGNING_KEY"] = us.DefaultUser.NextSigningKey,
            });
            s.Services.AddMassTransit(x =>
            {
                x.AddConsumer<Recorder<OrderSubmitted>>();
                x.UsingQStash((context, cfg) =>
                {
                    // Allows http addresses, and takes the configured address of the region.
                    cfg.Host(s.BaseAddress, h => h.UseEmulator());
                    cfg.ConfigureEndpoints(context);
                });
            });
        });

        await orders.Publish(new OrderSubmitted("42"));
        await us.WaitUntilIdleAsync(Cancellation);

        Assert.Equal(QStashRegion.UsEast1, Assert.Single(orders.Observed.Contexts<OrderSubmitted>()).ReceiveContext.GetQStashMessage()!.Region);
        Assert.Empty(await cloud.Client.UrlGroups.ListAsync(Cancellation));
    }

    [Fact]
    public void Is_refused_the_public_keys_of_the_development_server_outside_the_emulator()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMassTransit(x => x.UsingQStash((_, cfg) => cfg.Host("https://orders.example.com", h =>
        {
            h.Token("secret");
            h.SigningKeys("sig_secret1", "sig_secret2");
            h.RegionSigningKeys(QStashRegion.UsEast1, UsCurrent, UsNext);
        })));

        var exception = Assert.Throws<ConfigurationException>(() => services.BuildServiceProvider().GetRequiredService<IBus>());

        Assert.Contains("QStash:Regions:US_EAST_1", exception.Message, StringComparison.Ordinal);
        Assert.Contains("public", exception.Message, StringComparison.Ordinal);
    }

    static QStashClient Client(Cloud cloud, global::QStash.Emulator.QStashEmulator region) =>
        new(new HttpClient(), new QStashClientOptions { Url = region.Url, Token = UsToken }, cloud.Time);

    static async Task Publish(IQStashClient client, string orderId) => await client.PublishAsync(new QStashMessage
    {
        Destination = "http://orders.test/qstash/orders",
        ContentType = "application/json",
        Body = System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"orderId":"{{orderId}}"}""")),
    }, Cancellation);
}

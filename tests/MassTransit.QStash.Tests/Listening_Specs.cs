using MassTransit.QStash.Tests.Support;

#pragma warning disable QSTASH003 // Nothing is sent to these addresses.

namespace MassTransit.QStash.Tests;

public class A_base_address_on_this_machine
{
    const string Complaint = "listens on";

    [Fact]
    public async Task Is_complained_of_when_the_server_listens_on_another_port()
    {
        await using var cloud = await Cloud.StartAsync();

        var orders = await Start(cloud, cfg => cfg.Host("http://localhost:5999"));

        var line = Assert.Single(orders.Log.Warnings, text => text.Contains(Complaint, StringComparison.Ordinal));
        Assert.Contains("http://localhost:5999/qstash/", line, StringComparison.Ordinal);
        Assert.Contains(orders.LocalAddress.Authority, line, StringComparison.Ordinal);
        Assert.Contains("QStash:BaseAddress", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_complained_of_when_it_is_that_of_the_instance()
    {
        await using var cloud = await Cloud.StartAsync();

        var orders = await Start(cloud, cfg => cfg.Host(h => h.InstanceBaseAddress(new Uri("http://127.0.0.1:5999"))));

        Assert.Single(orders.Log.Warnings, text => text.Contains(Complaint, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Is_fine_when_the_server_listens_there()
    {
        await using var cloud = await Cloud.StartAsync();
        using var reserved = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        reserved.Start();
        var port = ((System.Net.IPEndPoint)reserved.LocalEndpoint).Port;
        reserved.Stop();

        var orders = await Start(cloud, cfg => cfg.Host($"http://localhost:{port}"), $"http://127.0.0.1:{port}");

        Assert.DoesNotContain(orders.Log.Warnings, text => text.Contains(Complaint, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Says_nothing_about_a_public_one()
    {
        await using var cloud = await Cloud.StartAsync();

        var orders = await Start(cloud, _ => { });

        Assert.DoesNotContain(orders.Log.Warnings, text => text.Contains(Complaint, StringComparison.Ordinal));
    }

    static async Task<Service> Start(Cloud cloud, Action<IQStashBusFactoryConfigurator> host, string? listen = null)
    {
        var orders = cloud.Build("orders", s =>
        {
            s.AddBus(null, (_, cfg) =>
            {
                host(cfg);
                cfg.ReceiveEndpoint("orders", e => e.Handler<OrderSubmitted>(_ => Task.CompletedTask));
            });
            s.Map(app =>
            {
                app.MapQStash();
                if (listen is not null)
                {
                    app.Urls.Clear();
                    app.Urls.Add(listen);
                }
            });
        });
        await orders.StartAsync();

        return orders;
    }
}

using MassTransit.QStash.Tests.Support;
using MassTransit.QStashTransport.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using QStash.Client;
using QStash.Emulator;

namespace MassTransit.QStash.Tests;

/// <summary>Services on a developer's machine with the emulator, which have no name but their port.</summary>
public sealed class A_port_that_changed : IAsyncLifetime
{
    const string Group = "MassTransit.QStash.Tests.Support.OrderSubmitted";

    readonly List<IAsyncDisposable> _apps = [];
    readonly Observed _observed = new();
    QStashEmulator _emulator = null!;

    QStashClient Client => new QStashClient(new HttpClient(), new QStashClientOptions { Url = _emulator.Url, Token = _emulator.DefaultUser.Token });

    public async ValueTask InitializeAsync() =>
        _emulator = await QStashEmulator.StartAsync(cancellationToken: Cancellation);

    public async ValueTask DisposeAsync()
    {
        foreach (var app in _apps)
            await app.DisposeAsync();

        await _emulator.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Takes_the_subscriptions_along(bool hasDirectory)
    {
        var (old, port) = (FreePort.Find(), FreePort.Find());
        await StopAsync(await StartAsync(old, hasDirectory: hasDirectory));

        var orders = await StartAsync(port, hasDirectory: hasDirectory);
        await orders.Services.GetRequiredService<IBus>().Publish(new OrderSubmitted("42"), Cancellation);
        await _emulator.WaitUntilIdleAsync(Cancellation);

        Assert.Equal([Url(port)], await Members(hasDirectory ? "masstransit" : Group));
        Assert.Single(_observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task Takes_the_subscriptions_along_from_https()
    {
        var port = FreePort.Find();
        await JoinAs($"https://localhost:{FreePort.Find()}/qstash/orders", await MarkAsync());

        await StartAsync(port);

        Assert.Equal([Url(port)], await Members());
    }

    /// <remarks>Else a name would lead to two addresses.</remarks>
    [Fact]
    public async Task Is_found_by_name()
    {
        var (old, port) = (FreePort.Find(), FreePort.Find());
        await StopAsync(await StartAsync(old, subscribes: false));
        await StartAsync(port, subscribes: false);
        var mail = await StartAsync(FreePort.Find(), endpoint: "mail", folder: "mail");

        var endpoint = await mail.Services.GetRequiredService<IBus>().GetSendEndpoint(new Uri("queue:orders"));
        await endpoint.Send(new OrderSubmitted("42"), Cancellation);

        var consumed = await _observed.WaitForAsync<OrderSubmitted>();
        Assert.Equal(Url(port), consumed.ReceiveContext.InputAddress.AbsoluteUri);
    }

    [Fact]
    public async Task Takes_declared_schedules_along()
    {
        var (old, port) = (FreePort.Find(), FreePort.Find());
        await StopAsync(await StartAsync(old, declares: true));
        Assert.Equal(Url(old), Assert.Single(await Client.Schedules.ListAsync(Cancellation)).Destination);

        await StartAsync(port, declares: true);

        Assert.Equal(Url(port), Assert.Single(await Client.Schedules.ListAsync(Cancellation)).Destination);
    }

    /// <summary>They share the program, the endpoint and the emulator.</summary>
    [Fact]
    public async Task Takes_nothing_from_a_second_service_that_runs()
    {
        var (first, second) = (FreePort.Find(), FreePort.Find());
        await StartAsync(first, declares: true);

        await StartAsync(second, declares: true);

        Assert.Equal(new[] { Url(first), Url(second) }.Order(), (await Members()).Order());
        Assert.Equal(2, (await Client.Schedules.ListAsync(Cancellation)).Count);
    }

    [Fact]
    public async Task Takes_nothing_from_a_service_that_is_stopped_when_the_other_one_starts_where_it_was()
    {
        var (first, second) = (FreePort.Find(), FreePort.Find());
        var orders = await StartAsync(first, declares: true);
        var billing = await StartAsync(second, declares: true);
        await StopAsync(orders);
        await StopAsync(billing);

        await StartAsync(second, declares: true);

        Assert.Equal(new[] { Url(first), Url(second) }.Order(), (await Members()).Order());
        Assert.Equal(2, (await Client.Schedules.ListAsync(Cancellation)).Count);
    }

    [Theory]
    [InlineData("billing", "orders")]
    [InlineData("orders", "billing")]
    public async Task Takes_nothing_from_a_stopped_service_of_another_program_or_endpoint(string folder, string endpoint)
    {
        var (first, second) = (FreePort.Find(), FreePort.Find());
        await StopAsync(await StartAsync(first, folder: folder, endpoint: endpoint));

        await StartAsync(second);

        Assert.Equal(new[] { Url(first, endpoint), Url(second) }.Order(), (await Members()).Order());
    }

    [Theory]
    [InlineData("https://orders.example.com/qstash/orders")]
    [InlineData("http://192.0.2.1:5000/qstash/orders")]
    public async Task Takes_nothing_from_another_machine(string url)
    {
        await JoinAs(url, await MarkAsync());

        await StartAsync(FreePort.Find());

        Assert.Contains(url, await Members());
    }

    [Fact]
    public async Task Takes_nothing_from_members_that_somebody_else_named()
    {
        var url = $"http://localhost:{FreePort.Find()}/qstash/orders";
        await Client.UrlGroups.UpsertEndpointsAsync(Group, [new QStashEndpoint { Url = url, Name = "my hook" }], Cancellation);

        await StartAsync(FreePort.Find());

        Assert.Contains(url, await Members());
    }

    /// <summary>Its bus has joined, and its server does not listen yet.</summary>
    [Fact]
    public async Task Takes_nothing_for_long_from_a_second_service_that_is_about_to_listen()
    {
        var (first, second) = (FreePort.Find(), FreePort.Find());
        var hold = new TaskCompletionSource();
        var orders = Build(first, declares: true, configure: services => services.AddSingleton<IHostedService>(new Held(hold.Task)));
        var starting = orders.StartAsync(Cancellation);
        await HealthAsync(orders);

        await StartAsync(second, declares: true);
        hold.SetResult();
        await starting;

        await Eventually(async () => (await Members()).Count == 2 && (await Client.Schedules.ListAsync(Cancellation)).Count == 2);
    }

    [Fact]
    public async Task Takes_the_members_of_a_crashed_process_along_once_their_lease_is_over()
    {
        var lease = DateTimeOffset.UtcNow.AddMinutes(-1).ToUnixTimeSeconds();
        var url = $"http://localhost:{FreePort.Find()}/qstash/cache";
        var name = $"localhost_3A1_2Fqstash cache.{TextHash.Short(url)} until {lease} program {await MarkAsync()}";
        await Client.UrlGroups.UpsertEndpointsAsync(Group, [new QStashEndpoint { Url = url, Name = name }], Cancellation);

        var port = FreePort.Find();
        await StartAsync(port);

        Assert.Equal([Url(port)], await Members());
    }

    sealed class Held(Task task) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => task.WaitAsync(cancellationToken);
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    static string Url(int port, string endpoint = "orders") => $"http://localhost:{port}/qstash/{endpoint}";

    static async Task Eventually(Func<Task<bool>> condition)
    {
        while (!await condition())
            await Task.Yield();
    }

    static async Task HealthAsync(WebApplication app) => Assert.Equal(BusHealthStatus.Healthy, await app.Services
        .GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, TimeSpan.FromSeconds(30)));

    async Task<IReadOnlyList<string>> Members(string group = Group) =>
        [.. (await Client.UrlGroups.GetAsync(group, Cancellation))!.Endpoints.Select(member => member.Url!)];

    // The mark that this program writes, learned from what it leaves behind.
    async Task<string> MarkAsync()
    {
        await StopAsync(await StartAsync(FreePort.Find()));
        var member = Assert.Single((await Client.UrlGroups.GetAsync(Group, Cancellation))!.Endpoints);
        await Client.UrlGroups.DeleteAsync(Group, Cancellation);

        return MemberName.Parse(member.Name)!.Program!;
    }

    Task JoinAs(string url, string program) => Client.UrlGroups.UpsertEndpointsAsync(Group,
        [new QStashEndpoint { Url = url, Name = $"{MemberName.Encode(new Uri(url).Authority + "/qstash")} orders program {program}" }], Cancellation);

    async Task<WebApplication> StartAsync(int port, string folder = "orders", string endpoint = "orders", bool subscribes = true,
        bool hasDirectory = false, bool declares = false)
    {
        var app = Build(port, folder, endpoint, subscribes, hasDirectory, declares);
        await app.StartAsync(Cancellation);
        await HealthAsync(app);

        return app;
    }

    WebApplication Build(int port, string folder = "orders", string endpoint = "orders", bool subscribes = true,
        bool hasDirectory = false, bool declares = false, Action<IServiceCollection>? configure = null)
    {
        var root = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "programs", folder)).FullName;
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = ["--urls", $"http://localhost:{port}"],
            ContentRootPath = root,
        });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(_observed);
        builder.Services.AddMassTransit(x =>
        {
            x.AddConsumer<Recorder<OrderSubmitted>>();
            x.UsingQStash((context, cfg) =>
            {
                cfg.Host(h =>
                {
                    h.UseEmulator(_emulator.Url);
                    if (hasDirectory)
                        h.UseDirectory();
                });
                cfg.ReceiveEndpoint(endpoint, e =>
                {
                    e.ConfigureConsumeTopology = subscribes;
                    e.ConfigureConsumer<Recorder<OrderSubmitted>>(context);
                });

                if (declares)
                    cfg.Schedules(schedules => schedules.Cron<OrderSubmitted>("daily", "0 6 * * *", "UTC", schedule =>
                    {
                        schedule.Message(() => new OrderSubmitted("daily"));
                        schedule.Destination(new Uri($"queue:{endpoint}"));
                    }));
            });
        });
        configure?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapQStash();
        _apps.Add(app);

        return app;
    }

    async Task StopAsync(WebApplication app)
    {
        _apps.Remove(app);
        await app.StopAsync(Cancellation);
        await app.DisposeAsync();
    }
}

using System.Collections.Concurrent;
using MassTransit.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MassTransit.QStash.Testing.Tests;

/// <summary>
/// What services use beside a plain bus, in each way that a service may run under test.
/// </summary>
public sealed class A_service_in_the_test_environment : IAsyncLifetime
{
    public enum Host { Collection, InMemory, Kestrel }

    public interface IBillingBus : IBus;

    readonly List<IAsyncDisposable> _running = [];
    QStashTestEnvironment _qstash = null!;

    static CancellationToken Cancelled => Cancellation;

    public static TheoryData<Host, bool> All => new(Enum.GetValues<Host>()
        .SelectMany(host => Enumerable.Range(0, 2), (host, hasDirectory) => (host, hasDirectory > 0)));

    public async ValueTask InitializeAsync() => _qstash = await QStashTestEnvironment.StartAsync(cancellationToken: Cancelled);

    public async ValueTask DisposeAsync()
    {
        foreach (var running in Enumerable.Reverse(_running))
            await running.DisposeAsync();

        await _qstash.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Sends_by_way_of_the_in_memory_outbox(Host host, bool hasDirectory)
    {
        var harness = await Start(host, "orders", hasDirectory, x =>
        {
            x.AddConsumer<Accepting>();
            x.AddConsumer<Noting<Accepted>>();
            x.AddConfigureEndpointsCallback((context, _, e) => e.UseInMemoryOutbox(context));
        });

        await harness.Bus.Publish(new Submitted("wrong"), Cancelled);
        await harness.Bus.Publish(new Submitted("right"), Cancelled);

        Assert.True(await harness.Consumed.Any<Accepted>(Cancelled));
        await _qstash.WaitUntilIdleAsync(Cancelled);
        Assert.Equal("right", Assert.Single(harness.Consumed.Select<Accepted>(Cancelled)).Context.Message.Order);
        Assert.False(await harness.Published.Any<Accepted>(x => x.Context.Message.Order == "wrong", Cancelled));
        Assert.True(await harness.Published.Any<Fault<Submitted>>(Cancelled));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Publishes_by_way_of_an_outbox_that_delivers_later(Host host, bool hasDirectory)
    {
        var harness = await Start(host, "orders", hasDirectory, x =>
        {
            x.AddInMemoryInboxOutbox();
            x.AddConsumer<Accepting>();
            x.AddConsumer<Noting<Accepted>>();
            x.AddConfigureEndpointsCallback((context, _, e) => e.UseInMemoryInboxOutbox(context));
        });

        await harness.Bus.Publish(new Submitted("wrong"), Cancelled);
        await harness.Bus.Publish(new Submitted("right"), Cancelled);

        Assert.True(await harness.Consumed.Any<Accepted>(Cancelled));
        Assert.Equal("right", Assert.Single(harness.Consumed.Select<Accepted>(Cancelled)).Context.Message.Order);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Has_a_second_bus(Host host, bool hasDirectory)
    {
        var noted = new ConcurrentQueue<string>();
        var harness = await Start(host, "orders", hasDirectory, x => x.AddConsumer<Accepting>(), services =>
        {
            services.AddSingleton(noted);
            AddBilling(services, hasDirectory);
        });
        var billing = Services(harness).GetRequiredService<IBillingBus>();

        await harness.Bus.Publish(new Submitted("first"), Cancelled);
        await billing.Publish(new Submitted("second"), Cancelled);
        await _qstash.WaitUntilIdleAsync(Cancelled);

        Assert.Equal(["first", "second"], noted.Order());
        Assert.Equal(2, harness.Consumed.Select<Submitted>(Cancelled).Count());
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Waits_for_what_its_second_bus_does(Host host, bool hasDirectory)
    {
        var noted = new ConcurrentQueue<string>();
        var harness = await Start(host, "orders", hasDirectory, x => x.AddConsumer<Noting<Paid>>(), services =>
        {
            services.AddSingleton(noted);
            AddBilling(services, hasDirectory);
        });

        // The second bus consumes it, and publishes what the first one gets.
        await harness.Bus.Publish(new Accepted("42"), Cancelled);

        Assert.True(await harness.Consumed.Any<Paid>(Cancelled));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Is_found_by_another_by_name(Host host, bool hasDirectory)
    {
        var harness = await Start(host, "orders", hasDirectory, x => x.AddConsumer<Noting<Submitted>>().Endpoint(e => e.Name = "notes"));
        var other = await Start(host, "mail", hasDirectory, _ => { });

        var endpoint = await other.Bus.GetSendEndpoint(new Uri("queue:notes"));
        await endpoint.Send(new Submitted("42"), Cancelled);

        Assert.True(await harness.Consumed.Any<Submitted>(Cancelled));
        Assert.True(await other.Sent.Any<Submitted>(Cancelled));
    }

    /// <remarks>There is no harness then: MassTransit has one for the first bus alone.</remarks>
    [Theory]
    [InlineData(Host.InMemory)]
    [InlineData(Host.Kestrel)]
    public async Task May_have_buses_of_a_type_alone(Host host)
    {
        var noted = new ConcurrentQueue<string>();
        var services = await StartBare(host, services =>
        {
            AddBilling(services.AddSingleton(noted), hasDirectory: false);
            services.AddQStashTestEnvironment(_qstash, "billing");
        });

        await services.GetRequiredService<IBillingBus>().Publish(new Submitted("42"), Cancelled);
        await _qstash.WaitUntilIdleAsync(Cancelled);

        Assert.Equal("42", Assert.Single(noted));
    }

    static void AddBilling(IServiceCollection services, bool hasDirectory) => services.AddMassTransit<IBillingBus>(x =>
    {
        x.AddConsumer<Billing>();
        x.UsingQStash((context, cfg) =>
        {
            cfg.Host(h =>
            {
                h.PathPrefix("billing");
                if (hasDirectory)
                    h.UseDirectory();
            });
            cfg.ConfigureEndpoints(context);
        });
    });

    static IServiceProvider Services(ITestHarness harness) => harness.Provider;

    async Task<ITestHarness> Start(Host host, string name, bool hasDirectory, Action<IBusRegistrationConfigurator> register,
        Action<IServiceCollection>? more = null)
    {
        void Configure(IServiceCollection services)
        {
            services.AddMassTransit(x =>
            {
                register(x);
                x.UsingQStash((context, cfg) =>
                {
                    if (hasDirectory)
                        cfg.Host(h => h.UseDirectory());
                    cfg.ConfigureEndpoints(context);
                });
            });
            more?.Invoke(services);
            services.AddQStashTestEnvironment(_qstash, name);
            services.Configure<TestHarnessOptions>(options => options.TestInactivityTimeout = TimeSpan.FromMilliseconds(300));
        }

        if (host == Host.Collection)
        {
            var services = new ServiceCollection();
            Configure(services);
            var provider = services.BuildServiceProvider(true);
            _running.Add(provider);

            return await provider.StartTestHarness();
        }

        return (await StartBare(host, Configure)).GetTestHarness();
    }

    async Task<IServiceProvider> StartBare(Host host, Action<IServiceCollection> configure)
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]);
        if (host == Host.InMemory)
            builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        configure(builder.Services);
        var app = builder.Build();
        app.MapQStash();
        _running.Add(app);
        await app.StartAsync(Cancelled);

        return app.Services;
    }

    public sealed record Submitted(string Order);

    public sealed record Accepted(string Order);

    public sealed record Paid(string Order);

    public sealed class Accepting : IConsumer<Submitted>
    {
        public async Task Consume(ConsumeContext<Submitted> context)
        {
            await context.Publish(new Accepted(context.Message.Order));

            if (context.Message.Order == "wrong")
                throw new InvalidOperationException("There is no such order.");
        }
    }

    public sealed class Billing(ConcurrentQueue<string> noted) : IConsumer<Submitted>, IConsumer<Accepted>
    {
        public Task Consume(ConsumeContext<Submitted> context)
        {
            noted.Enqueue(context.Message.Order);
            return Task.CompletedTask;
        }

        public Task Consume(ConsumeContext<Accepted> context) => context.Publish(new Paid(context.Message.Order));
    }

    public sealed class Noting<T> : IConsumer<T>
        where T : class
    {
        public Task Consume(ConsumeContext<T> context) => Task.CompletedTask;
    }
}

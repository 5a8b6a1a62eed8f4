using System.Net;
using MassTransit.DependencyInjection;
using MassTransit.QStash.Tests.Support;
using MassTransit.Scheduling;
using MassTransit.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

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
                s.UseCloud(cfg);
                cfg.ConfigureEndpoints(context);
            });
        }));
        var harness = orders.Services.GetRequiredService<ITestHarness>();

        await harness.Bus.Publish(new OrderSubmitted("42"), Cancellation);

        Assert.True(await harness.Published.Any<OrderSubmitted>(Cancellation));
        Assert.True(await harness.Consumed.Any<OrderSubmitted>(Cancellation));
        Assert.True(await harness.GetConsumerHarness<Recorder<OrderSubmitted>>().Consumed.Any<OrderSubmitted>(Cancellation));
    }
}

/// <summary>
/// What a test of an application does: the application has set up its bus on QStash, and the test puts a harness over it. No token and
/// no address is set.
/// </summary>
public class An_application_under_MassTransits_test_harness
{
    [Fact]
    public async Task Maps_nothing_and_says_so_once()
    {
        await using var cloud = await Cloud.StartAsync();

        var orders = await StartAsync(cloud, app =>
        {
            app.MapQStash();
            app.MapGroup("/internal").MapQStash().RequireHost("orders.test");
        });

        Assert.Single(orders.Log.Warnings, line => line.Contains("MapQStash maps nothing", StringComparison.Ordinal));
        using var http = new HttpClient { BaseAddress = orders.LocalAddress };
        Assert.Equal(HttpStatusCode.NotFound, (await http.PostAsync(new Uri("/qstash/orders", UriKind.Relative), null, Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Consumes_over_the_harness()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartAsync(cloud, app => app.MapQStash());
        var harness = orders.Services.GetRequiredService<ITestHarness>();

        await harness.Bus.Publish(new OrderSubmitted("42"), Cancellation);

        Assert.True(await harness.Consumed.Any<OrderSubmitted>(Cancellation));
    }

    [Fact]
    public async Task Resolves_what_UsingQStash_registered_and_a_call_says_what_is_missing()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartAsync(cloud, app => app.MapQStash());
        await using var scope = orders.Services.CreateAsyncScope();

        var deadLetters = scope.ServiceProvider.GetRequiredService<IQStashDeadLetters>();
        var recurring = scope.ServiceProvider.GetRequiredService<IRecurringMessageScheduler>();
        var ofOther = scope.ServiceProvider.GetRequiredService<Bind<IBillingBus, IQStashDeadLetters>>().Value;
        var recurringOfOther = scope.ServiceProvider.GetRequiredService<Bind<IBillingBus, IRecurringMessageScheduler>>().Value;

        Assert.NotNull(ofOther);
        Assert.NotNull(recurringOfOther);
        Assert.Contains("UsingQStash", (await Assert.ThrowsAsync<ArgumentException>(() => deadLetters.GetAsync("42", Cancellation))).Message, StringComparison.Ordinal);
        Assert.Contains("UsingQStash", (await Assert.ThrowsAsync<ConfigurationException>(() => recurring.CancelScheduledRecurringSend("id", "group"))).Message, StringComparison.Ordinal);
        Assert.Contains("UsingQStash", (await Assert.ThrowsAsync<ConfigurationException>(() => recurring.ScheduleRecurringPublish(new EveryDay(), new OrderSubmitted("42"), Cancellation))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schedules_with_the_scheduler_of_the_harness()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartAsync(cloud, app => app.MapQStash());
        await using var scope = orders.Services.CreateAsyncScope();

        await scope.ServiceProvider.GetRequiredService<IMessageScheduler>().SchedulePublish(TimeSpan.FromMilliseconds(1), new OrderSubmitted("42"), Cancellation);

        Assert.True(await orders.Services.GetRequiredService<ITestHarness>().Consumed.Any<OrderSubmitted>(Cancellation));
    }

    [Fact]
    public async Task Is_healthy()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartAsync(cloud, app => app.MapQStash());

        var report = await orders.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(x => x.Name == "qstash", Cancellation);

        Assert.Equal(HealthStatus.Healthy, report.Status);
    }

    [Fact]
    public async Task Without_any_bus_cannot_be_mapped()
    {
        await using var cloud = await Cloud.StartAsync();

        var exception = Assert.Throws<InvalidOperationException>(() => cloud.Build("orders", _ => { }));

        Assert.Contains("UsingQStash", exception.Message, StringComparison.Ordinal);
    }

    static Task<Service> StartAsync(Cloud cloud, Action<WebApplication> map) => cloud.StartServiceAsync("orders", s =>
    {
        s.Services.AddHealthChecks().AddQStash();
        s.Services.AddMassTransit(x =>
        {
            x.AddQStashMessageScheduler();
            x.AddConsumer<Recorder<OrderSubmitted>>();
            x.UsingQStash((context, cfg) =>
            {
                cfg.UseQStashMessageScheduler();
                cfg.ConfigureEndpoints(context);
            });
        });
        s.Services.AddMassTransit<IBillingBus>(x =>
        {
            x.AddQStashMessageScheduler();
            x.UsingQStash();
        });
        s.Services.AddMassTransitTestHarness();
        s.Map(map);
    });

    public interface IBillingBus : IBus;

    sealed class EveryDay : DefaultRecurringSchedule
    {
        public EveryDay() => CronExpression = "0 0 0 * * ?";
    }
}

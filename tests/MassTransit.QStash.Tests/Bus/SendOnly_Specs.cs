using MassTransit.QStash.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MassTransit.QStash.Tests;

/// <summary>
/// A bus that only sends has no address, and its application no routes.
/// </summary>
public class A_bus_that_only_sends
{
    static Task<Service> StartAsync(Cloud cloud, Action<IBusRegistrationConfigurator>? register = null, Action<IQStashBusFactoryConfigurator>? configure = null) =>
        cloud.StartServiceAsync("sender", s =>
        {
            s.Services.AddMassTransit(x =>
            {
                register?.Invoke(x);
                x.UsingQStash((context, cfg) =>
                {
                    cfg.Host(cloud.Connect);
                    configure?.Invoke(cfg);
                    cfg.ConfigureEndpoints(context);
                });
            });
            s.Map(_ => { });
        });

    static Task<Service> StartReceiverAsync(Cloud cloud) => cloud.StartServiceAsync("orders", s => s.AddBus(x =>
    {
        x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e => e.Name = "orders");
        x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "cards");
    }));

    [Fact]
    public async Task Publishes_sends_and_schedules_without_an_address()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartReceiverAsync(cloud);
        var sender = await StartAsync(cloud, x => x.AddQStashMessageScheduler());
        await using var scope = sender.Services.CreateAsyncScope();
        var scheduler = scope.ServiceProvider.GetRequiredService<IMessageScheduler>();

        await sender.Publish(new OrderSubmitted("published"));
        await sender.Send("http://orders.test/qstash/orders", new OrderSubmitted("sent"));
        await scheduler.SchedulePublish(TimeSpan.FromHours(1), new OrderSubmitted("scheduled"), Cancellation);
        var cancelled = await scheduler.SchedulePublish(TimeSpan.FromHours(1), new OrderSubmitted("cancelled"), Cancellation);
        await scheduler.CancelScheduledSend(cancelled.Destination, cancelled.TokenId, Cancellation);
        await cloud.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Equal(["published", "scheduled", "sent"], orders.Observed.Messages<OrderSubmitted>().Select(x => x.OrderId).Order());
        Assert.All(orders.Observed.Contexts<OrderSubmitted>(), context =>
        {
            Assert.Null(context.SourceAddress);
            Assert.Null(context.ResponseAddress);
            Assert.Null(context.FaultAddress);
        });
        Assert.Empty(sender.Log.Warnings);
        Assert.Contains(sender.Log.StartReports, report => report.Text.Contains("can only send", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Works_in_a_worker()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartReceiverAsync(cloud);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(cloud.Time);
        builder.Services.AddMassTransit(x => x.UsingQStash((_, cfg) => cfg.Host(cloud.Connect)));
        using var worker = builder.Build();
        await worker.StartAsync(Cancellation);

        await worker.Services.GetRequiredService<IBus>().Publish(new OrderSubmitted("42"), Cancellation);
        await cloud.WaitUntilIdleAsync();
        await worker.StopAsync(Cancellation);

        Assert.Equal([new OrderSubmitted("42")], orders.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task Says_what_a_request_needs()
    {
        await using var cloud = await Cloud.StartAsync();
        await StartReceiverAsync(cloud);
        var sender = await StartAsync(cloud, x => x.AddRequestClient<ChargeCard>(new Uri("http://orders.test/qstash/cards")));

        var exception = await Assert.ThrowsAsync<RequestException>(() => sender.Request<ChargeCard, CardCharged>(new ChargeCard("42")));

        AssertAdvice(exception.ToString());
        Assert.Empty((await cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items);
    }

    [Fact]
    public async Task With_an_address_and_without_routes_says_what_a_request_needs()
    {
        await using var cloud = await Cloud.StartAsync();
        await StartReceiverAsync(cloud);
        var sender = await StartAsync(cloud, x => x.AddRequestClient<ChargeCard>(new Uri("http://orders.test/qstash/cards")), cfg => cfg.Host("http://sender.test"));

        var exception = await Assert.ThrowsAsync<RequestException>(() => sender.Request<ChargeCard, CardCharged>(new ChargeCard("42")));

        AssertAdvice(exception.ToString());
    }

    [Fact]
    public async Task Says_what_an_endpoint_needs_that_is_connected()
    {
        await using var cloud = await Cloud.StartAsync();
        var sender = await StartAsync(cloud);

        AssertAdvice(Assert.Throws<ConfigurationException>(() => sender.Bus.ConnectReceiveEndpoint("orders")).Message);
        AssertAdvice(Assert.Throws<ConfigurationException>(() => sender.Bus.ConnectReceiveEndpoint(new TemporaryEndpointDefinition())).Message);
    }

    [Fact]
    public async Task Says_what_a_consumer_needs_that_is_connected()
    {
        await using var cloud = await Cloud.StartAsync();
        var sender = await StartAsync(cloud);

        sender.Bus.ConnectHandler<OrderSubmitted>(_ => Task.CompletedTask);

        await sender.Log.WaitForWarningAsync("MapQStash");
    }

    [Fact]
    public async Task Tells_nobody_to_answer_where_it_cannot_be_reached()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartReceiverAsync(cloud);
        var sender = await StartAsync(cloud);

        AssertAdvice((await Assert.ThrowsAsync<ConfigurationException>(() => sender.Bus.Publish(new OrderSubmitted("1"), x => x.ResponseAddress = sender.Bus.Address, Cancellation))).Message);
        AssertAdvice((await Assert.ThrowsAsync<ConfigurationException>(() => sender.Bus.Publish(new OrderSubmitted("2"), x => x.FaultAddress = sender.Bus.Address, Cancellation))).Message);
        AssertAdvice((await Assert.ThrowsAsync<ConfigurationException>(() => sender.Send(sender.Bus.Address.AbsoluteUri, new OrderSubmitted("3")))).Message);
        AssertAdvice((await Assert.ThrowsAsync<EndpointNotFoundException>(() => sender.Bus.Publish(new OrderSubmitted("4"), x => x.UseQStash(d => d.FailureCallback = new("queue:reports")), Cancellation))).Message);
        AssertAdvice((await Assert.ThrowsAsync<EndpointNotFoundException>(() => sender.Send("queue:replies", new OrderSubmitted("5")))).Message);
        AssertAdvice((await Assert.ThrowsAsync<EndpointNotFoundException>(() => sender.Send($"queue:{sender.Bus.Address.Segments[^1]}", new OrderSubmitted("6")))).Message);
        await cloud.WaitUntilIdleAsync();

        Assert.Empty(orders.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task Finds_the_endpoint_of_another_service_by_its_name()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartReceiverAsync(cloud);
        var sender = await StartAsync(cloud);

        await sender.Send("queue:orders", new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal([new OrderSubmitted("42")], orders.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task Does_not_start_with_consumers()
    {
        await using var cloud = await Cloud.StartAsync();
        var sender = cloud.Build("sender", s =>
        {
            s.Services.AddMassTransit(x =>
            {
                x.AddConsumer<Recorder<OrderSubmitted>>();
                x.UsingQStash((context, cfg) =>
                {
                    cfg.Host(cloud.Connect);
                    cfg.ConfigureEndpoints(context);
                });
            });
            s.Map(_ => { });
        });

        var exception = await Assert.ThrowsAsync<ConfigurationException>(sender.StartServerAsync);

        Assert.Contains("QStash:BaseAddress", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Declares_schedules_under_its_name_alone()
    {
        await using var cloud = await Cloud.StartAsync();
        await StartReceiverAsync(cloud);
        static void Declare(IQStashBusFactoryConfigurator cfg) => cfg.Schedules(s => s.Cron<ChargeCard>("daily", "0 9 * * *", "UTC", x =>
        {
            x.Message(() => new ChargeCard("42"));
            x.Destination(new Uri("http://orders.test/qstash/cards"));
        }));

        var exception = await Assert.ThrowsAsync<ConfigurationException>(() => StartAsync(cloud, configure: Declare));
        Assert.Contains("QStash:ServiceName", exception.Message, StringComparison.Ordinal);

        await StartAsync(cloud, configure: cfg =>
        {
            cfg.Host(h => h.ServiceName("clock"));
            Declare(cfg);
        });
        Assert.Single(await cloud.Client.Schedules.ListAsync(Cancellation));
    }

    static void AssertAdvice(string text)
    {
        Assert.Contains("QStash:BaseAddress", text, StringComparison.Ordinal);
        Assert.Contains("MapQStash", text, StringComparison.Ordinal);
    }
}

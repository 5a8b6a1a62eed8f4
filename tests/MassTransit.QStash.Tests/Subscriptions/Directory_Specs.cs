using MassTransit.QStash.Tests.Support;
using QStash.Client;
using QStash.Emulator;

namespace MassTransit.QStash.Tests;

/// <summary>
/// The second way to publish: one URL group that lists all subscribers, and publishers that look them up.
/// </summary>
public class Publishing_through_a_directory
{
    static void UseDirectory(IBusRegistrationContext context, IQStashBusFactoryConfigurator cfg) => cfg.Host(h => h.UseDirectory());

    static async Task<IReadOnlyList<QStashEndpoint>> Directory(Cloud cloud) =>
        (await cloud.Client.UrlGroups.GetAsync("masstransit", Cancellation))?.Endpoints ?? [];

    [Fact]
    public async Task Needs_no_more_than_the_one_url_group_of_the_free_plan()
    {
        await using var cloud = await Cloud.StartAsync(quota: QuotaPlan.Free);
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<CardCharged>>(), UseDirectory));
        var billing = await cloud.StartServiceAsync("billing", s => s.AddBus(x =>
        {
            x.AddConsumer<Recorder<OrderSubmitted>>();
            x.AddConsumer<Recorder<ChargeCard>>();
        }, UseDirectory));

        await orders.Publish(new OrderSubmitted("42"));
        await orders.Publish(new ChargeCard("42"));
        await billing.Publish(new CardCharged("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Single(billing.Observed.Messages<OrderSubmitted>());
        Assert.Single(billing.Observed.Messages<ChargeCard>());
        Assert.Single(orders.Observed.Messages<CardCharged>());
        Assert.Equal("masstransit", Assert.Single(await cloud.Client.UrlGroups.ListAsync(Cancellation)).Name);
    }

    // QStash repeats a schedule without asking who subscribes.
    [Fact]
    public async Task Refuses_a_recurring_publish_and_names_the_way_out()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddQStashMessageScheduler(), UseDirectory));

        var exception = await Assert.ThrowsAsync<NotSupportedException>(() =>
            orders.Recur(x => x.ScheduleRecurringPublish(new Recurring("daily", "0 9 * * *"), new OrderSubmitted("42"), Cancellation)));

        Assert.Contains("UseDirectory", exception.Message, StringComparison.Ordinal);
        Assert.Contains("ScheduleRecurringSend", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_a_declared_schedule_without_destination_and_names_the_way_out()
    {
        await using var cloud = await Cloud.StartAsync();

        var exception = Assert.Throws<ConfigurationException>(() => cloud.Build("orders", s => s.AddBus(null, (context, cfg) =>
        {
            UseDirectory(context, cfg);
            cfg.Schedules(x => x.Cron<OrderSubmitted>("daily", "0 9 * * *", "UTC", y => y.Message(() => new OrderSubmitted("42"))));
        })));

        Assert.Contains("Schedules(daily)", exception.Message, StringComparison.Ordinal);
        Assert.Contains("x.Destination(", exception.Message, StringComparison.Ordinal);
    }

    public interface IPet;

    public record Cat(string Name) : IAnimal, IPet;

    [Fact]
    public async Task Delivers_one_copy_to_an_endpoint_whatever_it_consumes_of_the_hierarchy()
    {
        await using var cloud = await Cloud.StartAsync();
        var zoo = await cloud.StartServiceAsync("zoo", s => s.AddBus(null, (context, cfg) =>
        {
            UseDirectory(context, cfg);
            // Through two URL groups it would come twice: neither interface is the base of the other.
            cfg.ReceiveEndpoint("zoo", e =>
            {
                e.Handler<IAnimal>(_ => Task.CompletedTask);
                e.Handler<IPet>(c =>
                {
                    s.Observed.Add(c);
                    return Task.CompletedTask;
                });
            });
        }));
        var others = await cloud.StartServiceAsync("others", s => s.AddBus(x => x.AddConsumer<Recorder<Dog>>(), UseDirectory));

        await zoo.Publish(new Cat("Tom"));
        await cloud.WaitUntilIdleAsync();

        Assert.Single(zoo.Observed.Messages<IPet>());
        Assert.Empty(others.Observed.Messages<Dog>());
    }

    [Fact]
    public async Task Reads_the_directory_once_and_notices_a_new_subscriber_within_half_a_minute()
    {
        var calls = new ApiCalls();
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.AddBus(null, UseDirectory);
            s.InterceptApi(calls.Handler);
        });

        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => orders.Publish(new OrderSubmitted($"{i}"))));
        Assert.Equal(["GET /v2/topics/masstransit"], calls.All);

        var billing = await cloud.StartServiceAsync("billing", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>(), UseDirectory));
        await cloud.AdvanceAsync(TimeSpan.FromSeconds(29));
        await orders.Publish(new OrderSubmitted("too early"));
        await cloud.AdvanceAsync(TimeSpan.FromSeconds(1));
        await orders.Publish(new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal([new OrderSubmitted("42")], billing.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task Notices_an_own_new_subscriber_at_once()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(null, UseDirectory));
        await orders.Publish(new OrderSubmitted("nobody wants it"));
        var received = new TaskCompletionSource<string>();

        var handle = orders.Bus.ConnectReceiveEndpoint("late", e => e.Handler<OrderSubmitted>(context =>
        {
            received.SetResult(context.Message.OrderId);
            return Task.CompletedTask;
        }));
        await handle.Ready.WaitAsync(Cancellation);
        await orders.Publish(new OrderSubmitted("42"));

        Assert.Equal("42", await received.Task.WaitAsync(Cancellation));
    }

    [Fact]
    public async Task Reaches_base_types_also_when_it_is_scheduled()
    {
        await using var cloud = await Cloud.StartAsync();
        var animals = await cloud.StartServiceAsync("animals", s => s.AddBus(
            x => { x.AddDelayedMessageScheduler(); x.AddConsumer<Recorder<Animal>>(); },
            (context, cfg) =>
            {
                UseDirectory(context, cfg);
                cfg.UseDelayedMessageScheduler();
            }));

        await animals.Bus.CreateDelayedMessageScheduler().SchedulePublish(TimeSpan.FromHours(1), new Dog("Rex"), Cancellation);
        await cloud.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Equal(["Rex"], animals.Observed.Messages<Animal>().Select(x => x.Name));
    }

    [Fact]
    public async Task Reaches_those_who_subscribe_by_name()
    {
        await using var cloud = await Cloud.StartAsync();
        var audit = await cloud.StartServiceAsync("audit", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>(), (context, cfg) =>
        {
            UseDirectory(context, cfg);
            cfg.ReceiveEndpoint("audit", e =>
            {
                e.ConfigureConsumeTopology = false;
                e.Subscribe("everything");
                e.ConfigureConsumer<Recorder<OrderSubmitted>>(context);
            });
        }));

        await audit.Publish(new OrderSubmitted("41"));
        await audit.Send("topic:everything", new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal([new OrderSubmitted("42")], audit.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task Is_an_error_when_nobody_subscribes_to_a_mandatory_message()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(null, UseDirectory));

        await Assert.ThrowsAsync<PublishException>(() =>
            orders.Bus.Publish(new OrderSubmitted("42"), x => x.Mandatory = true, Cancellation));
    }

    [Fact]
    public async Task Is_refused_for_what_recurs_as_nobody_would_look_up_the_subscribers_each_time()
    {
        await using var cloud = await Cloud.StartAsync();

        var exception = Assert.ThrowsAny<Exception>(() => cloud.Build("orders", s => s.AddBus(null, (context, cfg) =>
        {
            UseDirectory(context, cfg);
            cfg.Schedules(x => x.Cron<OrderSubmitted>("nightly", "0 2 * * *", "UTC", m => m.Message(() => new OrderSubmitted("42"))));
        })));

        Assert.Contains("UseDirectory", exception.ToString(), StringComparison.Ordinal);
    }

    /// <summary>The two versions of a service that live side by side while one is deployed.</summary>
    static void Version(ServiceBuilder s, int version) => s.AddBus(null, (context, cfg) =>
    {
        UseDirectory(context, cfg);
        cfg.ReceiveEndpoint("orders", e =>
        {
            e.Handler<OrderSubmitted>(_ => Task.CompletedTask);

            if (version == 2)
                e.Handler<CardCharged>(c =>
                {
                    s.Observed.Add(c);
                    return Task.CompletedTask;
                });
        });
    });

    [Fact]
    public async Task Keeps_the_subscriptions_of_a_new_version_when_a_replica_of_the_old_one_starts_again()
    {
        await using var cloud = await Cloud.StartAsync();
        await cloud.StartServiceAsync("orders", s => Version(s, 1));
        var second = await cloud.StartServiceAsync("orders", s => Version(s, 2));
        await cloud.StartServiceAsync("orders", s => Version(s, 1));
        cloud.Resolve("orders.test", System.Net.IPEndPoint.Parse(second.LocalAddress.Authority));

        await second.Publish(new CardCharged("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Single(second.Observed.Messages<CardCharged>());
        Assert.Single(await Directory(cloud));
    }

    [Fact]
    public async Task Takes_stale_topics_and_stale_endpoints_out_on_demand()
    {
        await using var cloud = await Cloud.StartAsync();
        await (await cloud.StartServiceAsync("orders", s => Version(s, 2))).StopAsync();
        await (await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<ChargeCard>>(), UseDirectory))).StopAsync();
        await cloud.StartServiceAsync("billing", s => s.AddBus(x => x.AddConsumer<Recorder<CardCharged>>(), UseDirectory));
        var first = await cloud.StartServiceAsync("orders", s => Version(s, 1));
        Assert.Equal(3, (await Directory(cloud)).Count);
        Assert.Equal(2, first.Log.Warnings.Count);

        Assert.Equal(2, (await first.Bus.RemoveStaleSubscriptions(Cancellation)).Count);

        Assert.Equal(["http://billing.test/qstash/CardCharged", "http://orders.test/qstash/orders"], (await Directory(cloud)).Select(x => x.Url).Order());
        Assert.Empty(await first.Bus.GetStaleSubscriptions(Cancellation));
        await first.Publish(new CardCharged("42"));
        await cloud.WaitUntilIdleAsync();
        Assert.Empty((await cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items);
    }

    [Fact]
    public async Task Replaces_the_former_member_of_a_service_that_moved()
    {
        await using var cloud = await Cloud.StartAsync();
        void Named(ServiceBuilder s) => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>(), (_, cfg) => cfg.Host(h =>
        {
            h.UseDirectory();
            h.ServiceName("orders");
        }));
        await (await cloud.StartServiceAsync("orders-blue", Named)).StopAsync();

        var orders = await cloud.StartServiceAsync("orders-green", Named);
        await orders.Publish(new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(["http://orders-green.test/qstash/OrderSubmitted"], (await Directory(cloud)).Select(x => x.Url));
        Assert.Single(orders.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task Goes_past_a_temporary_endpoint_whose_lease_is_over()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(null, UseDirectory));
        var until = cloud.Clock.GetUtcNow().AddMinutes(10).ToUnixTimeSeconds();
        await cloud.StartServiceAsync("billing", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>(), UseDirectory));
        var topics = Assert.Single(await Directory(cloud)).Name!.Split("topics ")[1];
        await cloud.Client.UrlGroups.UpsertEndpointsAsync("masstransit",
            [new QStashEndpoint { Url = "http://gone.test/qstash/cache", Name = $"gone cache until {until} topics {topics}" }], Cancellation);

        await orders.Publish(new OrderSubmitted("1"));
        Assert.Equal(2, await Published());
        await cloud.AdvanceAsync(TimeSpan.FromMinutes(10));
        await orders.Publish(new OrderSubmitted("2"));
        Assert.Equal(3, await Published());

        async Task<int> Published() =>
            (await cloud.Client.Logs.ListAsync(cancellationToken: Cancellation)).Items.Count(x => x.State == QStashMessageState.Created);
    }
}

using MassTransit.QStash.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.QStash.Tests;

/// <summary>
/// Who consumes a type gets all that is derived from it, however far: MassTransit itself tells only of the next level.
/// </summary>
public class Publishing_down_a_hierarchy
{
    public record Level1(string Text);

    public record Level2(string Text) : Level1(Text);

    public record Level3(string Text) : Level2(Text);

    public record Level4(string Text) : Level3(Text);

    public record Level5(string Text) : Level4(Text);

    public interface IRoot
    {
        string Text { get; }
    }

    public interface IMid : IRoot;

    public interface IDeep : IMid;

    public record OfDeep(string Text) : IDeep;

    public record BelowOfDeep(string Text) : OfDeep(Text);

    public interface ILeft : IRoot;

    public interface IRight : IRoot;

    public record Diamond(string Text) : ILeft, IRight;

    public interface IChange<T> : IRoot;

    public record Change<T>(string Text) : IChange<T>;

    public record Renaming(string Text) : Change<OrderSubmitted>(Text);

    public enum Way
    {
        AtOnce,
        Scheduled,
        FromAnOutbox,
        AsRawJson,
    }

    static async Task<Service> StartConsumer<T>(Cloud cloud, Action<IQStashBusFactoryConfigurator>? configure = null)
        where T : class =>
        await cloud.StartServiceAsync("consumer", s => s.AddBus(x => x.AddConsumer<Recorder<T>>().Endpoint(e => e.Name = "recorder"), (_, cfg) =>
        {
            cfg.UseRawJsonDeserializer(isDefault: false);
            configure?.Invoke(cfg);
        }));

    static async Task<Service> StartPublisher(Cloud cloud, Way way = Way.AtOnce, Action<IQStashBusFactoryConfigurator>? configure = null) =>
        await cloud.StartServiceAsync("publisher", s =>
        {
            s.AddBus(x => x.AddQStashMessageScheduler(), (_, cfg) =>
            {
                if (way == Way.AsRawJson)
                    cfg.UseRawJsonSerializer();

                configure?.Invoke(cfg);
            });

            if (way == Way.FromAnOutbox)
                BusOutbox.Use(s.Services);
        });

    static async Task Publish<T>(Cloud cloud, Service publisher, Way way, T message)
        where T : class
    {
        await using var scope = publisher.Services.CreateAsyncScope();

        if (way == Way.Scheduled)
        {
            await scope.ServiceProvider.GetRequiredService<IMessageScheduler>().SchedulePublish(cloud.Clock.GetUtcNow().UtcDateTime.AddHours(1), message, Cancellation);
            await cloud.AdvanceAsync(TimeSpan.FromHours(1));
        }
        else
            await scope.ServiceProvider.GetRequiredService<IPublishEndpoint>().Publish(message, Cancellation);

        if (way == Way.FromAnOutbox)
            await publisher.Services.GetRequiredService<BusOutbox>().SendAsync();

        await cloud.WaitUntilIdleAsync();
    }

    public static TheoryData<Way, bool> Ways()
    {
        var ways = new TheoryData<Way, bool>();

        foreach (var way in Enum.GetValues<Way>())
        {
            ways.Add(way, false);
            ways.Add(way, true);
        }

        return ways;
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Reaches_the_consumer_of_each_level_of_classes(Way way, bool directory)
    {
        Action<IQStashBusFactoryConfigurator> configure = cfg =>
        {
            if (directory)
                cfg.Host(h => h.UseDirectory());
        };
        await using var cloud = await Cloud.StartAsync();
        var consumer = await cloud.StartServiceAsync("consumer", s => s.AddBus(x =>
        {
            x.AddConsumer<Recorder<Level1>>();
            x.AddConsumer<Recorder<Level3>>();
            x.AddConsumer<Recorder<Level5>>();
        }, (_, cfg) =>
        {
            cfg.UseRawJsonDeserializer(isDefault: false);
            configure(cfg);
        }));
        var publisher = await StartPublisher(cloud, way, configure);

        await Publish(cloud, publisher, way, new Level5("5"));

        Assert.Equal(["Level1", "Level3", "Level5"], consumer.Observed.Contexts<Level1>().Select(x => x.ReceiveContext.InputAddress.Segments[^1]).Order());

        await Publish(cloud, publisher, way, new Level4("4"));
        await Publish(cloud, publisher, way, new Level2("2"));

        Assert.Equal(["2", "4", "5"], consumer.Observed.Contexts<Level1>().Where(x => x.ReceiveContext.InputAddress.Segments[^1] == "Level1").Select(x => x.Message.Text).Distinct().Order());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Reaches_the_consumer_of_an_interface_of_an_interface(Way way, bool directory)
    {
        Action<IQStashBusFactoryConfigurator> configure = cfg =>
        {
            if (directory)
                cfg.Host(h => h.UseDirectory());
        };
        await using var cloud = await Cloud.StartAsync();
        var consumer = await StartConsumer<IRoot>(cloud, configure);
        var publisher = await StartPublisher(cloud, way, configure);

        await Publish<IDeep>(cloud, publisher, way, new OfDeep("interface"));
        await Publish(cloud, publisher, way, new OfDeep("class"));
        await Publish(cloud, publisher, way, new BelowOfDeep("class below"));
        await Publish(cloud, publisher, way, new Diamond("diamond"));
        await Publish(cloud, publisher, way, new Change<OrderSubmitted>("generic"));
        await Publish(cloud, publisher, way, new Renaming("below generic"));

        Assert.Equal(["interface", "class", "class below", "diamond", "generic", "below generic"], consumer.Observed.Messages<IRoot>().Select(x => x.Text));
    }

    [Fact]
    public async Task Reaches_the_consumer_of_the_first_level_each_time_it_recurs()
    {
        await using var cloud = await Cloud.StartAsync();
        var consumer = await StartConsumer<Level1>(cloud);
        var publisher = await StartPublisher(cloud);

        await publisher.Recur(x => x.ScheduleRecurringPublish(new Recurring("daily", "0 9 * * *"), new Level4("42"), Cancellation));
        await cloud.AdvanceAsync(TimeSpan.FromDays(2));

        Assert.Equal(2, consumer.Observed.Messages<Level1>().Count);
    }

    [Fact]
    public async Task Reaches_the_consumer_of_a_generic_base_type()
    {
        await using var cloud = await Cloud.StartAsync();
        var consumer = await StartConsumer<IChange<OrderSubmitted>>(cloud);
        var publisher = await StartPublisher(cloud);

        await publisher.Publish(new Renaming("42"));
        await publisher.Publish(new Change<CardCharged>("of something else"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(["42"], consumer.Observed.Messages<IChange<OrderSubmitted>>().Select(x => x.Text));
    }

    [Fact]
    public async Task Reaches_the_consumer_of_the_fault_of_the_first_level()
    {
        await using var cloud = await Cloud.StartAsync();
        var consumer = await StartConsumer<Fault<Level1>>(cloud);
        await cloud.StartServiceAsync("failing", s => s.AddBus(null, (_, cfg) =>
            cfg.ReceiveEndpoint("failing", e => e.Handler<Level4>(_ => throw new InvalidOperationException("No.")))));
        var publisher = await StartPublisher(cloud);

        await publisher.Publish(new Level4("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal("42", Assert.Single(consumer.Observed.Messages<Fault<Level1>>()).Message.Text);
    }

    public static TheoryData<bool, Type[]> Consumed()
    {
        var consumed = new TheoryData<bool, Type[]>();

        foreach (var directory in (bool[])[false, true])
        {
            consumed.Add(directory, [typeof(Level1), typeof(Level5)]);
            consumed.Add(directory, [typeof(Level2), typeof(Level4)]);
            consumed.Add(directory, [typeof(Level1), typeof(Level3), typeof(Level5)]);
            consumed.Add(directory, [typeof(Level1), typeof(Level2), typeof(Level3), typeof(Level4), typeof(Level5)]);
        }

        return consumed;
    }

    [Theory]
    [MemberData(nameof(Consumed))]
    public async Task Brings_one_copy_to_an_endpoint_that_consumes_several_levels(bool directory, Type[] types)
    {
        await using var cloud = await Cloud.StartAsync();
        var service = await cloud.StartServiceAsync("consumer", s => s.AddBus(
            x =>
            {
                foreach (var type in types)
                    x.AddConsumer(typeof(Recorder<>).MakeGenericType(type)).Endpoint(e => e.Name = "levels");
            },
            (_, cfg) =>
            {
                if (directory)
                    cfg.Host(h => h.UseDirectory());
            }));

        await service.Publish(new Level5("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(types.Length, service.Observed.Contexts<Level1>().Count);
        Assert.Single(service.Observed.Contexts<Level1>().Select(x => x.ReceiveContext).Distinct());
    }

    [Fact]
    public async Task Brings_one_copy_to_an_endpoint_that_consumes_both_ends_of_a_diamond()
    {
        await using var cloud = await Cloud.StartAsync();
        var service = await cloud.StartServiceAsync("consumer", s => s.AddBus(x =>
        {
            x.AddConsumer<Recorder<IRoot>>().Endpoint(e => e.Name = "both");
            x.AddConsumer<Recorder<Diamond>>().Endpoint(e => e.Name = "both");
        }));

        await service.Publish(new Diamond("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Single(service.Observed.Contexts<IRoot>().Select(x => x.ReceiveContext).Distinct());
    }

    [Fact]
    public async Task Brings_one_copy_to_an_endpoint_that_subscribes_to_the_group_of_the_base_type_by_name()
    {
        await using var cloud = await Cloud.StartAsync();
        var service = await cloud.StartServiceAsync("consumer", s => s.AddBus(null, (context, cfg) =>
        {
            cfg.Message<Level1>(x => x.SetEntityName("level-1"));
            cfg.ReceiveEndpoint("levels", e =>
            {
                e.Subscribe("level-1");
                e.Consumer(() => new Recorder<Level3>(context.GetRequiredService<Observed>()));
            });
        }));

        await service.Publish(new Level3("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Single(service.Observed.Messages<Level3>());
    }

    /// <summary>As RabbitMQ binds exchanges: what is excluded is not bound to, and with it goes what only it leads to.</summary>
    [Fact]
    public async Task Ends_at_a_type_that_is_excluded()
    {
        await using var cloud = await Cloud.StartAsync();
        var consumer = await cloud.StartServiceAsync("consumer", s => s.AddBus(x =>
        {
            x.AddConsumer<Recorder<Level1>>();
            x.AddConsumer<Recorder<Level2>>();
            x.AddConsumer<Recorder<Level3>>();
            x.AddConsumer<Recorder<Level4>>();
        }));
        var publisher = await StartPublisher(cloud, configure: cfg => cfg.Publish<Level2>(x => x.Exclude = true));

        await publisher.Publish(new Level4("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(["Level3", "Level4"], consumer.Observed.Contexts<Level1>().Select(x => x.ReceiveContext.InputAddress.Segments[^1]).Order());

        // Published itself, it goes to its own consumers, and no further.
        await publisher.Publish(new Level2("43"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(["Level2"], consumer.Observed.Contexts<Level1>().Where(x => x.Message.Text == "43").Select(x => x.ReceiveContext.InputAddress.Segments[^1]));
    }

    [Fact]
    public async Task Goes_around_a_type_that_is_excluded_where_another_way_leads_on()
    {
        await using var cloud = await Cloud.StartAsync();
        var consumer = await StartConsumer<IRoot>(cloud);
        var publisher = await StartPublisher(cloud, configure: cfg => cfg.Publish<ILeft>(x => x.Exclude = true));

        await publisher.Publish(new Diamond("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Single(consumer.Observed.Messages<IRoot>());
    }

    [Fact]
    public async Task Brings_one_copy_of_each_to_an_endpoint_that_consumes_what_is_above_and_below_an_excluded_type()
    {
        await using var cloud = await Cloud.StartAsync();
        var service = await cloud.StartServiceAsync("consumer", s => s.AddBus(x =>
        {
            x.AddConsumer<Recorder<Level1>>().Endpoint(e => e.Name = "levels");
            x.AddConsumer<Recorder<Level3>>().Endpoint(e => e.Name = "levels");
        }, (_, cfg) => cfg.Publish<Level2>(x => x.Exclude = true)));

        await service.Publish(new Level3("3"));
        await service.Publish(new Level1("1"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(["1", "3"], service.Observed.Contexts<Level1>().Select(x => (x.ReceiveContext, x.Message.Text)).Distinct().Select(x => x.Text).Order());
    }
}

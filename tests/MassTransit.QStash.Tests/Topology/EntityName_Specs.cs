using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests;

public record Envelope<T>(T Content)
    where T : class;

public record Größe(string OrderId);

[EntityName("order-shipped")]
public record OrderShipped(string OrderId);

public static class Parcel
{
    public record Posted(string Id);
}

public static class Outer
{
    public record Inner(string Id);

    public record Deep_Inner(string Id);

    public record Größe(string Id);

    public static class Deep
    {
        public record Inner(string Id);
    }

    public record Box<T>(T Content)
        where T : class;
}

public record Outer_Inner(string Id);

public record Outer_Deep_Inner(string Id);

public record Outer_Größe(string Id);

public static class Outer_Deep
{
    public record Inner(string Id);
}

public record Outer_Box<T>(T Content)
    where T : class;

public record Envelope_<T>(T Content)
    where T : class;

public record Pair<T1, T2>(T1 First, T2 Second)
    where T1 : class
    where T2 : class;

public static class Shelf<T>
    where T : class
{
    public record Item(string Id);
}

public static class Shelf
{
    public record Item<T>(string Id)
        where T : class;
}

public record Shelf_Item<T>(string Id)
    where T : class;

/// <remarks>Contract section 8: letters, digits, '.', '_' and '-'.</remarks>
public class Names_of_url_groups
{
    public record Nested(string OrderId);

    public record Nested_as_deep_as_some_people_nest_their_types_and_named_as_thoroughly_as_those_who_never_type_a_name_themselves(string OrderId);

    static async Task<string> GroupOf<T>(T message, Action<IQStashBusFactoryConfigurator>? configure = null)
        where T : class
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<T>>().Endpoint(e => e.Name = "orders"), (_, cfg) => configure?.Invoke(cfg)));

        await orders.Publish(message);
        await cloud.WaitUntilIdleAsync();
        Assert.Equal([message], orders.Observed.Messages<T>());

        return Assert.Single(await cloud.Client.UrlGroups.ListAsync(Cancellation)).Name;
    }

    [Fact]
    public async Task Are_the_names_of_the_types() =>
        Assert.Equal("MassTransit.QStash.Tests.Support.OrderSubmitted", await GroupOf(new OrderSubmitted("42")));

    [Fact]
    public async Task Of_nested_and_generic_types_are_legal()
    {
        Assert.Equal("MassTransit.QStash.Tests.Parcel_Posted", await GroupOf(new Parcel.Posted("42")));
        Assert.Equal("MassTransit.QStash.Tests.Names_of_url_groups_Nested", await GroupOf(new Nested("42")));
        Assert.Equal("MassTransit.QStash.Tests.Envelope_MassTransit.QStash.Tests.Support.OrderSubmitted_", await GroupOf(new Envelope<OrderSubmitted>(new("42"))));
    }

    [Fact]
    public async Task Of_types_with_other_letters_are_made_legal_and_stay_unique() =>
        Assert.Matches("^MassTransit.QStash.Tests.Gr__e-[0-9a-f]{16}$", await GroupOf(new Größe("42")));

    [Fact]
    public async Task That_would_be_too_long_end_in_a_hash() =>
        Assert.Matches("^MassTransit.QStash.Tests.Names_of_url_groups_Nested_as_deep.*-[0-9a-f]{16}$", await GroupOf(
            new Nested_as_deep_as_some_people_nest_their_types_and_named_as_thoroughly_as_those_who_never_type_a_name_themselves("42")));

    public static TheoryData<Type[]> Alike() => new(
        [typeof(Outer.Inner), typeof(Outer_Inner)],
        [typeof(Outer.Deep.Inner), typeof(Outer_Deep.Inner), typeof(Outer.Deep_Inner), typeof(Outer_Deep_Inner)],
        [typeof(Outer.Größe), typeof(Outer_Größe)],
        [typeof(Outer.Box<OrderShipped>), typeof(Outer_Box<OrderShipped>)],
        [typeof(Envelope<Envelope<OrderShipped>>), typeof(Envelope_<Envelope<OrderShipped>>), typeof(Envelope<Envelope_<OrderShipped>>)],
        [typeof(Envelope<Outer.Inner>), typeof(Envelope<Outer_Inner>)],
        [typeof(Pair<Outer.Inner, OrderShipped>), typeof(Pair<Outer_Inner, OrderShipped>), typeof(Envelope<Pair<Outer.Inner, OrderShipped>>)],
        [typeof(Shelf<OrderShipped>.Item), typeof(Shelf.Item<OrderShipped>), typeof(Shelf_Item<OrderShipped>)],
        [typeof(Envelope<OrderShipped[]>), typeof(Envelope<OrderShipped[,]>), typeof(Envelope<Envelope<OrderShipped>[]>)]);

    [Theory]
    [MemberData(nameof(Alike))]
    public async Task Of_types_that_differ_are_different(Type[] types)
    {
        await using var cloud = await Cloud.StartAsync();
        var service = await cloud.StartServiceAsync("orders", s => s.AddBus(x =>
        {
            for (var i = 0; i < types.Length; i++)
            {
                var name = $"endpoint-{i}";
                x.AddConsumer(typeof(Recorder<>).MakeGenericType(types[i])).Endpoint(e => e.Name = name);
            }
        }));

        var groups = await cloud.Client.UrlGroups.ListAsync(Cancellation);
        Assert.Equal(types.Length, groups.Count);
        Assert.All(groups, group => Assert.Single(group.Endpoints));

        // Where names differ, they are told apart by nothing else: QStash documents no case.
        Assert.Equal(groups.Count, groups.DistinctBy(group => group.Name, StringComparer.OrdinalIgnoreCase).Count());
    }

    /// <summary>Another version of the contracts has another version of the assembly, and the same group: the hash is that of <c>MassTransit.QStash.Tests.Outer+Box`1[MassTransit.QStash.Tests.OrderShipped]</c>.</summary>
    [Fact]
    public async Task Of_generic_types_do_not_depend_on_the_version_of_an_assembly() =>
        Assert.Equal("MassTransit.QStash.Tests.Outer_Box_OrderShipped_-130cadda0ebdcbd9", await GroupOf(new Outer.Box<OrderShipped>(new("42"))));

    [Fact]
    public async Task Come_from_the_attribute_the_configuration_or_a_formatter()
    {
        Assert.Equal("order-shipped", await GroupOf(new OrderShipped("42")));
        Assert.Equal("submitted", await GroupOf(new OrderSubmitted("42"), cfg => cfg.Message<OrderSubmitted>(m => m.SetEntityName("submitted"))));
        Assert.Equal("dev.MassTransit.QStash.Tests.Support.OrderSubmitted", await GroupOf(new OrderSubmitted("42"),
            cfg => cfg.MessageTopology.SetEntityNameFormatter(new PrefixEntityNameFormatter(cfg.MessageTopology.EntityNameFormatter, "dev."))));
    }

    [Fact]
    public async Task Chosen_too_long_are_shortened_alike_for_all_who_use_them()
    {
        var name = new string('x', 200);
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>(), (_, cfg) =>
            cfg.Message<OrderSubmitted>(m => m.SetEntityName(name))));

        await orders.Publish(new OrderSubmitted("1"));
        await orders.Send($"topic:{name}", new OrderSubmitted("2"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(2, orders.Observed.Messages<OrderSubmitted>().Count);
        Assert.Equal(128, Assert.Single(await cloud.Client.UrlGroups.ListAsync(Cancellation)).Name.Length);
    }

    [Fact]
    public async Task Of_faults_lead_to_their_consumers()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<Fault<OrderSubmitted>>>().Endpoint(e => e.Name = "faults"), (_, cfg) =>
            cfg.ReceiveEndpoint("failing", e => e.Handler<OrderSubmitted>(_ => throw new InvalidOperationException("No.")))));

        await orders.Publish(new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal("42", Assert.Single(orders.Observed.Messages<Fault<OrderSubmitted>>()).Message.OrderId);
        Assert.NotNull(await cloud.Client.UrlGroups.GetAsync("MassTransit.Fault_MassTransit.QStash.Tests.Support.OrderSubmitted_", Cancellation));
    }
}

public class What_an_endpoint_subscribes_to
{
    [ConfigureConsumeTopology(false)]
    public record Internal(string OrderId);

    [ExcludeFromTopology]
    public interface IHasId;

    // Keeps filters away, and means nothing to the topology, as on MassTransit's other transports.
    [ExcludeFromImplementedTypes]
    public interface ICountable;

    public record Counted(string OrderId) : IHasId, ICountable;

    static async Task<string[]> Groups(Cloud cloud) =>
        (await cloud.Client.UrlGroups.ListAsync(Cancellation)).Select(group => group.Name).ToArray();

    [Fact]
    public async Task Is_nothing_where_the_endpoint_or_the_definition_or_the_type_says_so()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(
            x =>
            {
                x.AddConsumer<Recorder<CardCharged>>().Endpoint(e => e.ConfigureConsumeTopology = false);
                x.AddConsumer<Recorder<Internal>>();
            },
            (_, cfg) =>
            {
                cfg.ReceiveEndpoint("orders", e =>
                {
                    e.ConfigureConsumeTopology = false;
                    e.Handler<OrderSubmitted>(_ => Task.CompletedTask);
                });
                cfg.ReceiveEndpoint("charges", e =>
                {
                    e.ConfigureMessageTopology<ChargeCard>(false);
                    e.Handler<ChargeCard>(_ => Task.CompletedTask);
                });
            }));

        Assert.Equal(["masstransit-endpoints"], await Groups(cloud));

        // They are reached by address.
        await orders.Send("queue:CardCharged", new CardCharged("42"));
        await orders.Send("queue:Internal", new Internal("42"));
        await cloud.WaitUntilIdleAsync();
        Assert.Single(orders.Observed.Messages<CardCharged>());
        Assert.Single(orders.Observed.Messages<Internal>());
    }

    [Fact]
    public async Task Leaves_out_types_that_are_excluded_from_the_topology()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x =>
        {
            x.AddConsumer<Recorder<IHasId>>();
            x.AddConsumer<Recorder<ICountable>>();
            x.AddConsumer<Recorder<Counted>>();
        }));

        await orders.Publish(new Counted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(["Counted", "ICountable"], orders.Observed.Contexts<Counted>().Concat<ConsumeContext>(orders.Observed.Contexts<ICountable>())
            .Select(context => context.ReceiveContext.InputAddress.Segments[^1]).Distinct().Order());
        Assert.Equal(["Counted", "ICountable", "IHasId"], (await Groups(cloud)).Select(name => name.Split('_')[^1]).Order());

        // It is excluded as a base type only.
        await orders.Publish<IHasId>(new Counted("43"));
        await cloud.WaitUntilIdleAsync();
        Assert.Single(orders.Observed.Contexts<IHasId>(), context => context is not ConsumeContext<Counted>);
    }
}

public class The_send_topology_of_a_type
{
    public record Shipped(Guid OrderId);

    [Fact]
    public async Task Applies_to_what_is_sent_and_published()
    {
        var id = NewId.NextGuid();
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<Shipped>>().Endpoint(e => e.Name = "shipped"),
            (_, cfg) => cfg.Send<Shipped>(x => x.UseCorrelationId(message => message.OrderId))));

        await orders.Publish(new Shipped(id));
        await orders.Send("queue:shipped", new Shipped(id));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal([id, id], orders.Observed.Contexts<Shipped>().Select(context => context.CorrelationId!.Value));
    }
}

using MassTransit.Courier.Contracts;
using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests;

public class A_routing_slip
{
    public record Reservation(string OrderId);

    public record Undo(string OrderId);

    public class ReserveStock : IActivity<Reservation, Undo>
    {
        public Task<ExecutionResult> Execute(ExecuteContext<Reservation> context) =>
            Task.FromResult(context.Completed(new Undo(context.Arguments.OrderId)));

        public async Task<CompensationResult> Compensate(CompensateContext<Undo> context)
        {
            await context.Publish(new CardCharged($"undone {context.Log.OrderId}"));

            return context.Compensated();
        }
    }

    public record Charge(string OrderId);

    public class ChargeActivity : IExecuteActivity<Charge>
    {
        public Task<ExecutionResult> Execute(ExecuteContext<Charge> context) => context.Arguments.OrderId switch
        {
            "bad" => throw new InvalidOperationException("No money."),
            "odd" => throw new InvalidOperationException("No money.") { Data = { ["type"] = typeof(string), ["code"] = 7 } },
            "odd result" => Task.FromResult(context.Faulted(new InvalidOperationException("No money.") { Data = { ["type"] = typeof(string) } })),
            _ => Task.FromResult(context.Completed()),
        };
    }

    static void AddActivities(ServiceBuilder service) => service.AddBus(x =>
    {
        x.AddActivity<ReserveStock, Reservation, Undo>();
        x.AddExecuteActivity<ChargeActivity, Charge>();
        x.AddConsumer<Recorder<RoutingSlipCompleted>>();
        x.AddConsumer<Recorder<RoutingSlipFaulted>>();
        x.AddConsumer<Recorder<CardCharged>>();
    });

    static RoutingSlip Create(string orderId)
    {
        var builder = new RoutingSlipBuilder(NewId.NextGuid());
        builder.AddActivity("reserve", new Uri("queue:ReserveStock_execute"), new { OrderId = orderId });
        builder.AddActivity("charge", new Uri("queue:Charge_execute"), new { OrderId = orderId });

        return builder.Build();
    }

    [Fact]
    public async Task Runs_from_activity_to_activity()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", AddActivities);

        await orders.Bus.Execute(Create("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Single(orders.Observed.Messages<RoutingSlipCompleted>());
        Assert.Empty(orders.Observed.Messages<RoutingSlipFaulted>());
    }

    [Theory]
    [InlineData("42", false)]
    [InlineData("bad", false)]
    [InlineData("bad", true)]
    public async Task Finds_its_activities_in_whatever_service_they_are(string orderId, bool useDirectory)
    {
        await using var cloud = await Cloud.StartAsync();
        await cloud.StartServiceAsync("stock", s => s.AddBus(x => x.AddActivity<ReserveStock, Reservation, Undo>(), UseDirectory));
        await cloud.StartServiceAsync("billing", s => s.AddBus(x => x.AddExecuteActivity<ChargeActivity, Charge>(), UseDirectory));
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x =>
        {
            x.AddConsumer<Recorder<RoutingSlipCompleted>>().ExcludeFromConfigureEndpoints();
            x.AddConsumer<Recorder<RoutingSlipFaulted>>().ExcludeFromConfigureEndpoints();
            x.AddConsumer<Recorder<CardCharged>>();
        }, (context, cfg) =>
        {
            UseDirectory(context, cfg);
            cfg.ReceiveEndpoint("slips", e =>
            {
                e.ConfigureConsumeTopology = false;
                e.ConfigureConsumer<Recorder<RoutingSlipCompleted>>(context);
                e.ConfigureConsumer<Recorder<RoutingSlipFaulted>>(context);
            });
        }));
        var builder = new RoutingSlipBuilder(Create(orderId), activities => activities);
        builder.AddSubscription(new Uri("queue:slips"), RoutingSlipEvents.All);

        await orders.Bus.Execute(builder.Build());
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(orderId == "42" ? 1 : 0, orders.Observed.Messages<RoutingSlipCompleted>().Count);
        Assert.Equal(orderId == "bad" ? 1 : 0, orders.Observed.Messages<RoutingSlipFaulted>().Count);
        Assert.Equal(orderId == "bad" ? [new CardCharged("undone bad")] : [], orders.Observed.Messages<CardCharged>());

        void UseDirectory(IBusRegistrationContext context, IQStashBusFactoryConfigurator cfg)
        {
            if (useDirectory)
                cfg.Host(h => h.UseDirectory());
        }
    }

    // An exception may have data that cannot be serialized.
    [Theory]
    [InlineData("bad")]
    [InlineData("odd")]
    [InlineData("odd result")]
    public async Task Is_compensated_after_a_failure(string orderId)
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", AddActivities);

        await orders.Bus.Execute(Create(orderId));
        await cloud.WaitUntilIdleAsync();

        var faulted = Assert.Single(orders.Observed.Messages<RoutingSlipFaulted>());
        Assert.Equal("No money.", Assert.Single(faulted.ActivityExceptions).ExceptionInfo.Message);
        Assert.Equal([new CardCharged($"undone {orderId}")], orders.Observed.Messages<CardCharged>());
    }
}

using MassTransit.Courier.Contracts;
using MassTransit.DependencyInjection;
using MassTransit.QStash.Tests.Support;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using QStash.Emulator.Faults;

namespace MassTransit.QStash.Tests;

/// <summary>
/// The ticks of docs/features.md where a sceptic looks: between two services, on the second bus of each, with what is published three
/// levels below what is consumed, and with the directory in place of URL groups.
/// </summary>
public sealed class A_feature_between_the_second_buses_of_two_services : IAsyncDisposable
{
    public interface ISecondBus : IBus;

    public record Order(string Id);

    public record PaidOrder(string Id) : Order(Id);

    public record GiftOrder(string Id) : PaidOrder(Id);

    public record Answer(string Text);

    public class OrderState : SagaStateMachineInstance
    {
        public Guid CorrelationId { get; set; }
        public string CurrentState { get; set; } = "";
        public string OrderId { get; set; } = "";
        public Guid? TokenId { get; set; }
    }

    public record OrderForgotten(Guid CorrelationId);

    public class OrderStateMachine : MassTransitStateMachine<OrderState>
    {
        public OrderStateMachine()
        {
            InstanceState(x => x.CurrentState);
            Event(() => Ordered, x =>
            {
                x.CorrelateBy(saga => saga.OrderId, context => context.Message.Id).SelectId(_ => NewId.NextGuid());
                x.InsertOnInitial = true;
                x.SetSagaFactory(context => new OrderState { CorrelationId = NewId.NextGuid(), OrderId = context.Message.Id });
            });
            Schedule(() => Forgotten, x => x.TokenId, x => x.Delay = TimeSpan.FromHours(1));
            Initially(When(Ordered).Schedule(Forgotten, x => new OrderForgotten(x.Saga.CorrelationId)).TransitionTo(Open));
            During(Open, When(Forgotten!.Received).Publish(x => new Answer($"forgot {x.Saga.OrderId}")).Finalize());
        }

        public State Open { get; } = null!;
        public Event<Order> Ordered { get; } = null!;
        public Schedule<OrderState, OrderForgotten> Forgotten { get; } = null!;
    }

    public class PackActivity : IExecuteActivity<Order>
    {
        public Task<ExecutionResult> Execute(ExecuteContext<Order> context) => Task.FromResult(context.Completed());
    }

    sealed class Shop(Observed observed) : IConsumer<Order>
    {
        public Task Consume(ConsumeContext<Order> context)
        {
            observed.Add(context);

            return context.Message.Id switch
            {
                "bad" => throw new InvalidOperationException("There is no such order."),
                "late" when context.GetRedeliveryCount() == 0 => throw new TimeoutException("Not yet."),
                _ => context.IsResponseAccepted<Answer>() ? context.RespondAsync(new Answer($"took {context.Message.Id}")) : Task.CompletedTask,
            };
        }
    }

    sealed class BatchOfOrders(Observed observed) : IConsumer<Batch<Order>>
    {
        public Task Consume(ConsumeContext<Batch<Order>> context)
        {
            observed.Add(context);

            return Task.CompletedTask;
        }
    }

    public static TheoryData<bool> Layouts => [false, true];

    static CancellationToken Cancelled => Cancellation;

    Cloud _cloud = null!;
    Service _seller = null!;
    Service _shop = null!;

    ISecondBus Seller => _seller.Services.GetRequiredService<ISecondBus>();

    [Theory, MemberData(nameof(Layouts))]
    public async Task Publishes_to_consumers_of_the_base_type(bool directory)
    {
        await Start(directory);

        await Seller.Publish(new GiftOrder("42"), Cancelled);
        await _cloud.WaitUntilIdleAsync();

        Assert.Equal(["42"], Seen());
        Assert.Empty(_seller.Observed.Messages<Order>());
    }

    [Theory, MemberData(nameof(Layouts))]
    public async Task Sends_to_the_name_of_an_endpoint(bool directory)
    {
        await Start(directory);

        await (await Seller.GetSendEndpoint(new Uri("queue:shop"))).Send(new GiftOrder("42"), Cancelled);
        await _cloud.WaitUntilIdleAsync();

        Assert.Equal(["42"], Seen());
    }

    [Theory, MemberData(nameof(Layouts))]
    public async Task Brings_an_answer_and_a_fault_to_the_requester(bool directory)
    {
        await Start(directory);

        var answer = await Seller.CreateRequestClient<GiftOrder>().GetResponse<Answer>(new GiftOrder("42"), Cancelled);
        // A fault is one of the type that was consumed, on every transport, and no requester of a derived type hears of it.
        var fault = await Assert.ThrowsAsync<RequestFaultException>(() =>
            Seller.CreateRequestClient<Order>().GetResponse<Answer>(new Order("bad"), Cancelled));

        Assert.Equal("took 42", answer.Message.Text);

        Assert.Contains("There is no such order.", fault.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Layouts))]
    public async Task Publishes_the_fault_of_what_was_consumed(bool directory)
    {
        await Start(directory, seller: x => x.AddConsumer<Recorder<Fault<Order>>>().Endpoint(e => e.Name = "faults"));

        await Seller.Publish(new GiftOrder("bad"), Cancelled);
        await _cloud.WaitUntilIdleAsync();

        Assert.Equal("bad", Assert.Single(_seller.Observed.Messages<Fault<Order>>()).Message.Id);
    }

    [Theory, MemberData(nameof(Layouts))]
    public async Task Delivers_again_after_a_while(bool directory)
    {
        await Start(directory, shop: (_, cfg) => cfg.UseDelayedRedelivery(r => r.Intervals(TimeSpan.FromMinutes(5))));

        await Seller.Publish(new GiftOrder("late"), Cancelled);
        await _cloud.WaitUntilIdleAsync();
        Assert.Equal(["late"], Seen());
        await _cloud.AdvanceAsync(TimeSpan.FromMinutes(5));

        Assert.Equal(["late", "late"], Seen());
    }

    [Theory, MemberData(nameof(Layouts))]
    public async Task Schedules_and_cancels(bool directory)
    {
        await Start(directory);
        var scheduler = _seller.Services.GetRequiredService<Bind<ISecondBus, IMessageScheduler>>().Value;
        var due = _cloud.Clock.GetUtcNow().UtcDateTime.AddHours(1);

        await scheduler.SchedulePublish(due, new GiftOrder("42"), Cancelled);
        var cancelled = await scheduler.SchedulePublish(due, new GiftOrder("43"), Cancelled);
        await scheduler.CancelScheduledPublish<GiftOrder>(cancelled.TokenId, Cancelled);
        await _cloud.AdvanceAsync(TimeSpan.FromMinutes(59));
        Assert.Empty(Seen());
        await _cloud.AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(["42"], Seen());
    }

    [Theory, MemberData(nameof(Layouts))]
    public async Task Recurs(bool directory)
    {
        await Start(directory);
        var scheduler = _seller.Services.GetRequiredService<Bind<ISecondBus, IRecurringMessageScheduler>>().Value;
        var daily = new Recurring("daily", "0 9 * * *");

        // QStash repeats it, and cannot look up who is in the directory.
        if (directory)
            await scheduler.ScheduleRecurringSend(new Uri("queue:shop"), daily, new GiftOrder("42"), Cancelled);
        else
            await scheduler.ScheduleRecurringPublish(daily, new GiftOrder("42"), Cancelled);
        await _cloud.AdvanceAsync(TimeSpan.FromDays(2));

        Assert.Equal(["42", "42"], Seen());
    }

    [Theory, MemberData(nameof(Layouts))]
    public async Task Keeps_the_order_of_a_key(bool directory)
    {
        await Start(directory, sellerBus: (_, cfg) => cfg.Publish<GiftOrder>(p => p.UseOrderedDelivery(_ => "key")));

        foreach (var id in (string[])["1", "2", "3"])
            await Seller.Publish(new GiftOrder(id), Cancelled);
        await _cloud.WaitUntilIdleAsync();

        Assert.Equal(["1", "2", "3"], Seen());
    }

    [Theory, MemberData(nameof(Layouts))]
    public async Task Delivers_a_repeated_send_once(bool directory)
    {
        await Start(directory);
        var id = NewId.NextGuid();

        for (var i = 0; i < 2; i++)
            await Seller.Publish(new GiftOrder("42"), x => x.MessageId = id, Cancelled);
        await _cloud.WaitUntilIdleAsync();

        Assert.Equal(["42"], Seen());
    }

    [Theory, MemberData(nameof(Layouts))]
    public async Task Consumes_a_batch(bool directory)
    {
        await Start(directory, shopConsumers: x => x.AddConsumer<BatchOfOrders>(c => c.Options<BatchOptions>(o => o.SetMessageLimit(2))));

        await Task.WhenAll(Seller.Publish(new GiftOrder("1"), Cancelled), Seller.Publish(new GiftOrder("2"), Cancelled));
        await _cloud.WaitUntilIdleAsync();

        Assert.Equal(["1", "2"], Assert.Single(_shop.Observed.Messages<Batch<Order>>()).Select(x => x.Message.Id).Order());
    }

    [Theory, MemberData(nameof(Layouts))]
    public async Task Runs_a_saga_with_a_schedule(bool directory)
    {
        await Start(directory,
            seller: x => x.AddConsumer<Recorder<Answer>>(),
            shopConsumers: x => x.AddSagaStateMachine<OrderStateMachine, OrderState>().InMemoryRepository());

        await Seller.Publish(new GiftOrder("42"), Cancelled);
        await _cloud.WaitUntilIdleAsync();
        await _cloud.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Equal("forgot 42", Assert.Single(_seller.Observed.Messages<Answer>()).Text);
    }

    [Theory, MemberData(nameof(Layouts))]
    public async Task Runs_a_routing_slip(bool directory)
    {
        await Start(directory,
            seller: x => x.AddConsumer<Recorder<RoutingSlipCompleted>>(),
            shopConsumers: x => x.AddExecuteActivity<PackActivity, Order>().Endpoint(e => e.Name = "pack"));
        var slip = new RoutingSlipBuilder(NewId.NextGuid());
        slip.AddActivity("pack", new Uri("queue:pack"), new { Id = "42" });

        await Seller.Execute(slip.Build());
        await _cloud.WaitUntilIdleAsync();

        Assert.Single(_seller.Observed.Messages<RoutingSlipCompleted>());
    }

    [Theory, MemberData(nameof(Layouts))]
    public async Task Drops_what_nobody_wants_any_more(bool directory)
    {
        await Start(directory);

        _cloud.Emulator.Faults.Add(new FaultRule(FaultAction.Delay) { Delay = TimeSpan.FromMinutes(2), Count = 2 });

        await Seller.Publish(new GiftOrder("42"), x => x.TimeToLive = TimeSpan.FromMinutes(1), Cancelled);
        await Seller.Publish(new GiftOrder("43"), x => x.TimeToLive = TimeSpan.FromMinutes(3), Cancelled);
        await _cloud.AdvanceAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(["43"], Seen());
    }

    [Theory, MemberData(nameof(Layouts))]
    public async Task Says_when_nobody_consumes_a_mandatory_message(bool directory)
    {
        await Start(directory);

        await Assert.ThrowsAnyAsync<Exception>(() => Seller.Publish(new Answer("42"), x => x.Mandatory = true, Cancelled));
        await Seller.Publish(new GiftOrder("42"), x => x.Mandatory = true, Cancelled);
        await _cloud.WaitUntilIdleAsync();

        Assert.Equal(["42"], Seen());
    }

    [Theory, MemberData(nameof(Layouts))]
    public async Task Keeps_ids_and_headers(bool directory)
    {
        await Start(directory);
        var correlation = NewId.NextGuid();

        await Seller.Publish(new GiftOrder("42"), x =>
        {
            x.CorrelationId = correlation;
            x.Headers.Set("Größe", "ein \"Wert\"");
        }, Cancelled);
        await _cloud.WaitUntilIdleAsync();

        var consumed = Assert.Single(_shop.Observed.Contexts<Order>());
        Assert.Equal(correlation, consumed.CorrelationId);
        Assert.Equal("ein \"Wert\"", consumed.Headers.Get<string>("Größe"));
        Assert.Equal(Seller.Address, consumed.SourceAddress);
    }

    public async ValueTask DisposeAsync() => await _cloud.DisposeAsync();

    string[] Seen() => [.. _shop.Observed.Messages<Order>().Select(order => order.Id)];

    async Task Start(bool directory, Action<IBusRegistrationConfigurator>? seller = null, Action<IBusRegistrationConfigurator>? shopConsumers = null,
        Action<IBusRegistrationContext, IQStashBusFactoryConfigurator>? sellerBus = null,
        Action<IBusRegistrationContext, IQStashBusFactoryConfigurator>? shop = null)
    {
        _cloud = await Cloud.StartAsync();
        _shop = await StartService("shop", directory, shopConsumers ?? (x => x.AddConsumer<Shop>().Endpoint(e => e.Name = "shop")), shop);
        _seller = await StartService("seller", directory, seller ?? (_ => { }), sellerBus);
    }

    async Task<Service> StartService(string name, bool directory, Action<IBusRegistrationConfigurator> register,
        Action<IBusRegistrationContext, IQStashBusFactoryConfigurator>? configure)
    {
        var service = await _cloud.StartServiceAsync(name, s =>
        {
            // The first bus consumes nothing of this, and must not get in the way.
            s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e => e.Name = $"first-{name}"), (_, cfg) => cfg.Host(h => UseDirectory(h, directory)));
            s.Services.AddMassTransit<ISecondBus>(x =>
            {
                x.AddQStashMessageScheduler();
                register(x);
                x.UsingQStash((context, cfg) =>
                {
                    s.UseCloud(cfg);
                    cfg.Host(h => UseDirectory(h, directory));
                    cfg.UseQStashMessageScheduler();
                    configure?.Invoke(context, cfg);
                    cfg.ConfigureEndpoints(context);
                });
            });
        });
        await service.Services.GetRequiredService<IBusInstance<ISecondBus>>().BusControl
            .WaitForHealthStatus(BusHealthStatus.Healthy, Cancelled);

        return service;
    }

    static void UseDirectory(IQStashHostConfigurator host, bool use)
    {
        if (use)
            host.UseDirectory();
    }
}

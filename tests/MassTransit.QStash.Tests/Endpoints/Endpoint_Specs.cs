using System.Net;
using System.Text.Json;
using MassTransit.QStash.Tests.Support;
using MassTransit.Serialization;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.QStash.Tests;

public class SubmitOrderConsumer : IConsumer<OrderSubmitted>
{
    public Task Consume(ConsumeContext<OrderSubmitted> context) => Task.CompletedTask;
}

/// <summary>The name of an endpoint is the last segment of its URL.</summary>
public class Endpoint_names
{
    sealed class UpperCaseFormatter : DefaultEndpointNameFormatter
    {
        public override string SanitizeName(string name) => name.ToUpperInvariant();
    }

    public static TheoryData<string, IEndpointNameFormatter> Formatters() => new()
    {
        { "SubmitOrder", DefaultEndpointNameFormatter.Instance },
        { "DevSubmitOrder", new DefaultEndpointNameFormatter("Dev") },
        { "MassTransitQStashTestsSubmitOrder", new DefaultEndpointNameFormatter(includeNamespace: true) },
        { "MassTransit.QStash.Tests.SubmitOrder", new DefaultEndpointNameFormatter(".", "", includeNamespace: true) },
        { "submit-order", KebabCaseEndpointNameFormatter.Instance },
        { "dev-submit-order", new KebabCaseEndpointNameFormatter("Dev") },
        { "mass-transit-qstash-tests-submit-order", new KebabCaseEndpointNameFormatter(includeNamespace: true) },
        { "submit_order", SnakeCaseEndpointNameFormatter.Instance },
        { "dev_submit_order", new SnakeCaseEndpointNameFormatter('_', "Dev", includeNamespace: false) },
        { "SUBMITORDER", new UpperCaseFormatter() },
    };

    [Theory]
    [MemberData(nameof(Formatters))]
    public async Task Come_from_the_formatter(string name, IEndpointNameFormatter formatter)
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x =>
        {
            x.SetEndpointNameFormatter(formatter);
            x.AddConsumer<SubmitOrderConsumer>();
        }));

        await orders.Publish(new OrderSubmitted("42"));
        await orders.Send($"queue:{name}", new OrderSubmitted("43"));
        await cloud.WaitUntilIdleAsync();

        var answered = (await cloud.Client.Logs.ListAsync(cancellationToken: Cancellation)).Items
            .Where(entry => entry.State == global::QStash.Client.QStashMessageState.Delivered);
        Assert.Equal(2, answered.Count(entry => entry.Url == $"http://orders.test/qstash/{name}"));
    }

    public class OrderState : SagaStateMachineInstance
    {
        public Guid CorrelationId { get; set; }
        public string CurrentState { get; set; } = "";
    }

    public sealed class OrderStateMachine : MassTransitStateMachine<OrderState>
    {
        public OrderStateMachine() => InstanceState(x => x.CurrentState);
    }

    public record Arguments;

    public record Log;

    sealed class ReserveStockActivity : IActivity<Arguments, Log>
    {
        public Task<ExecutionResult> Execute(ExecuteContext<Arguments> context) => Task.FromResult(context.Completed());
        public Task<CompensationResult> Compensate(CompensateContext<Log> context) => Task.FromResult(context.Compensated());
    }

    [Fact]
    public async Task Of_sagas_and_activities_too()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x =>
        {
            x.SetKebabCaseEndpointNameFormatter();
            x.AddSagaStateMachine<OrderStateMachine, OrderState>().InMemoryRepository();
            x.AddActivity<ReserveStockActivity, Arguments, Log>();
        }));

        // Without a signature an endpoint answers 401, and what is none answers 404.
        Assert.All(["order-state", "reserve-stock_execute", "reserve-stock_compensate"], name => Assert.Equal(HttpStatusCode.Unauthorized, Post(name)));
        Assert.Equal(HttpStatusCode.NotFound, Post("reserve-stock"));

        HttpStatusCode Post(string name)
        {
            using var http = new HttpClient();
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(orders.LocalAddress, $"qstash/{name}"));

            return http.Send(request, Cancellation).StatusCode;
        }
    }
}

public class Endpoint_definitions
{
    sealed class OrderConsumer(Observed observed) : IConsumer<OrderSubmitted>
    {
        public Task Consume(ConsumeContext<OrderSubmitted> context)
        {
            observed.Add(context);

            return observed.Messages<OrderSubmitted>().Count < 3 ? throw new InvalidOperationException("Not yet.") : Task.CompletedTask;
        }
    }

    sealed class OrderConsumerDefinition : ConsumerDefinition<OrderConsumer>
    {
        public OrderConsumerDefinition()
        {
            EndpointName = "incoming";
            ConcurrentMessageLimit = 7;
        }

        protected override void ConfigureConsumer(IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<OrderConsumer> consumerConfigurator, IRegistrationContext context)
        {
            endpointConfigurator.UseMessageRetry(r => r.Immediate(2));

            if (endpointConfigurator is IQStashReceiveEndpointConfigurator qstash)
                qstash.Subscribe("everything");
        }
    }

    [Fact]
    public async Task Configure_the_endpoint_of_a_consumer()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<OrderConsumer, OrderConsumerDefinition>()));

        await orders.Publish(new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(3, orders.Observed.Messages<OrderSubmitted>().Count);
        var context = orders.Observed.Contexts<OrderSubmitted>()[0];
        Assert.Equal(new Uri("http://orders.test/qstash/incoming"), context.ReceiveContext.InputAddress);
        Assert.NotNull(await cloud.Client.UrlGroups.GetAsync("everything", Cancellation));
        Assert.Contains("\"concurrentMessageLimit\": 7", JsonSerializer.Serialize(orders.Bus.GetProbeResult(Cancellation), SystemTextJsonMessageSerializer.Options), StringComparison.Ordinal);
    }
}

public class Callbacks_for_endpoints
{
    [Fact]
    public async Task See_each_endpoint_that_ConfigureEndpoints_makes()
    {
        var names = new List<string>();
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x =>
        {
            x.AddConfigureEndpointsCallback((_, name, e) =>
            {
                names.Add(name);
                e.UseExecute(_ => throw new InvalidOperationException("Not today."));
            });
            x.AddConsumer<Recorder<OrderSubmitted>>();
            x.AddConsumer<Recorder<ChargeCard>>();
        }));

        await orders.Publish(new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(["ChargeCard", "OrderSubmitted"], names.Order());
        Assert.Single((await cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items);
    }

    [Fact]
    public async Task Can_use_what_only_QStash_has()
    {
        await using var cloud = await Cloud.StartAsync();
        await cloud.StartServiceAsync("orders", s => s.AddBus(x =>
        {
            x.AddQStashConfigureEndpointsCallback((_, name, e) => e.Subscribe($"all-{name}"));
            x.AddConsumer<SubmitOrderConsumer>().Endpoint(e => e.AddQStashConfigureEndpointCallback((_, endpoint) => endpoint.Subscribe("only-orders")));
        }));

        Assert.NotNull(await cloud.Client.UrlGroups.GetAsync("all-SubmitOrder", Cancellation));
        Assert.NotNull(await cloud.Client.UrlGroups.GetAsync("only-orders", Cancellation));
    }

    [Fact]
    public async Task That_only_QStash_has_do_nothing_on_another_transport()
    {
        await using var provider = new ServiceCollection()
            .AddMassTransit(x =>
            {
                x.AddQStashConfigureEndpointsCallback((_, _, _) => Assert.Fail("This is not QStash."));
                x.AddConsumer<SubmitOrderConsumer>().Endpoint(e => e.AddQStashConfigureEndpointCallback((_, _) => Assert.Fail("This is not QStash.")));
                x.UsingInMemory((context, cfg) => cfg.ConfigureEndpoints(context));
            })
            .BuildServiceProvider();

        Assert.NotNull(provider.GetRequiredService<IBus>());
    }
}

public class Several_consumers_on_one_endpoint
{
    [Fact]
    public async Task Share_its_deliveries()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x =>
        {
            x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e => e.Name = "orders");
            x.AddConsumer<Recorder<CardCharged>>().Endpoint(e => e.Name = "orders");
        }));

        await orders.Publish(new OrderSubmitted("42"));
        await orders.Publish(new CardCharged("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal("orders", Assert.Single(orders.Observed.Contexts<OrderSubmitted>()).ReceiveContext.InputAddress.Segments[^1]);
        Assert.Equal("orders", Assert.Single(orders.Observed.Contexts<CardCharged>()).ReceiveContext.InputAddress.Segments[^1]);
    }
}

public class Connecting_a_registered_consumer_later
{
    [Fact]
    public async Task Uses_its_definition()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>().ExcludeFromConfigureEndpoints()));
        await orders.Publish(new OrderSubmitted("before"));

        var handle = orders.Services.GetRequiredService<IReceiveEndpointConnector>().ConnectReceiveEndpoint("late",
            (context, e) => e.ConfigureConsumer<Recorder<OrderSubmitted>>(context));
        await handle.Ready.WaitAsync(Cancellation);
        await orders.Publish(new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal([new OrderSubmitted("42")], orders.Observed.Messages<OrderSubmitted>());
    }
}

using System.Net;
using MassTransit.QStash.Tests.Support;
using QStash.Client;
using QStash.Emulator;

namespace MassTransit.QStash.Tests;

public class Deploying_the_topology
{
    [Fact]
    public async Task Reads_what_is_there_and_writes_only_what_differs()
    {
        await using var cloud = await Cloud.StartAsync();

        Assert.Equal(["GET /v2/topics", "POST /v2/topics/MassTransit.QStash.Tests.Support.OrderSubmitted/endpoints"], await CallsOfAStart(cloud));
        Assert.Equal(["GET /v2/topics"], await CallsOfAStart(cloud));
    }

    [Fact]
    public async Task Keeps_the_members_of_other_services()
    {
        await using var cloud = await Cloud.StartAsync();
        var cancellationToken = Cancellation;
        const string group = "MassTransit.QStash.Tests.Support.OrderSubmitted";
        await cloud.Client.UrlGroups.UpsertEndpointsAsync(group, [new QStashEndpoint { Url = "https://else.example.com/hook" }], cancellationToken);

        await CallsOfAStart(cloud);

        Assert.Equal(["https://else.example.com/hook", "http://orders.test/qstash/OrderSubmitted"],
            (await cloud.Client.UrlGroups.GetAsync(group, cancellationToken))!.Endpoints.Select(x => x.Url));
    }

    [Fact]
    public async Task Only_is_possible_and_receives_nothing()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>(),
            (_, cfg) => cfg.DeployTopologyOnly = true));

        await orders.Publish(new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Single(await cloud.Client.UrlGroups.ListAsync(Cancellation));
        Assert.Empty(orders.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task Is_complete_when_the_step_that_deploys_it_ends()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = cloud.Build("orders", s => s.AddBus(x =>
        {
            x.AddConsumer<Recorder<OrderSubmitted>>();
            x.AddConsumer<Recorder<ChargeCard>>();
        }, (_, cfg) => cfg.DeployTopologyOnly = true));

        await orders.Bus.DeployAsync(Cancellation);

        Assert.Equal(2, (await cloud.Client.UrlGroups.ListAsync(Cancellation)).Count);
    }

    [Fact]
    public async Task Only_leaves_out_what_goes_with_the_process()
    {
        await using var cloud = await Cloud.StartAsync();
        await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e => e.Temporary = true),
            (_, cfg) => cfg.DeployTopologyOnly = true));

        Assert.Empty(await cloud.Client.UrlGroups.ListAsync(Cancellation));
    }

    [Fact]
    public async Task Can_be_left_to_a_step_of_the_deployment_so_that_a_start_needs_no_call_at_all()
    {
        var calls = new ApiCalls();
        await using var cloud = await Cloud.StartAsync();
        await using (await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>(), (_, cfg) => cfg.DeployTopologyOnly = true)))
        {
        }

        var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>(), (_, cfg) => cfg.Host(h => h.DeployTopology(false)));
            s.InterceptApi(calls.Handler);
        });
        Assert.Empty(calls.All);

        await orders.Publish(new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();
        Assert.Single(orders.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task Has_nothing_to_do_for_types_that_are_only_published_but_to_check_their_names()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(null, (_, cfg) =>
        {
            cfg.DeployPublishTopology = true;
            cfg.Publish<OrderSubmitted>(_ => { });
        }));

        Assert.Empty(await cloud.Client.UrlGroups.ListAsync(Cancellation));
        Assert.Contains(orders.Log.Lines, line => line.Contains("DeployPublishTopology", StringComparison.Ordinal) && line.Contains("Support.OrderSubmitted", StringComparison.Ordinal));

        var exception = Assert.ThrowsAny<Exception>(() => cloud.Build("billing", s => s.AddBus(null, (_, cfg) =>
        {
            cfg.DeployPublishTopology = true;
            cfg.Message<OrderSubmitted>(m => m.SetEntityName("order/submitted"));
            cfg.Publish<OrderSubmitted>(_ => { });
        })));
        Assert.Contains("'order/submitted'", exception.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Refuses the first calls.</summary>
    sealed class Refusing(HttpStatusCode status, int calls) : DelegatingHandler
    {
        int _calls = calls;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Interlocked.Decrement(ref _calls) >= 0
                ? Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent("""{"error":"unable to authenticate: invalid token"}""") })
                : base.SendAsync(request, cancellationToken);
    }

    [Fact]
    public async Task Goes_on_receiving_while_QStash_refuses_the_token_and_joins_when_it_is_accepted()
    {
        await using var cloud = await Cloud.StartAsync();
        var refusing = new Refusing(HttpStatusCode.Unauthorized, calls: 1);
        var faulted = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        var orders = cloud.Build("orders", s =>
        {
            s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>(), (_, cfg) => cfg.ConnectEndpointConfigurationObserver(new FaultObserver(faulted)));
            s.InterceptApi(() => refusing);
        });
        await orders.StartServerAsync();

        Assert.Contains("invalid token", (await faulted.Task.WaitAsync(Cancellation)).Message, StringComparison.Ordinal);
        await orders.Send("http://orders.test/qstash/OrderSubmitted", new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();
        Assert.Single(orders.Observed.Messages<OrderSubmitted>());

        Assert.Equal(BusHealthStatus.Healthy, await orders.Bus.WaitForHealthStatus(BusHealthStatus.Healthy, TimeSpan.FromSeconds(30)));
        Assert.Single(await cloud.Client.UrlGroups.ListAsync(Cancellation));
    }

    [Fact]
    public async Task Says_what_helps_when_the_plan_has_too_few_url_groups()
    {
        await using var cloud = await Cloud.StartAsync(quota: QuotaPlan.Free);
        var faulted = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        var orders = cloud.Build("orders", s => s.AddBus(x =>
        {
            x.AddConsumer<Recorder<OrderSubmitted>>();
            x.AddConsumer<Recorder<CardCharged>>();
        }, (_, cfg) => cfg.ConnectEndpointConfigurationObserver(new FaultObserver(faulted))));
        await orders.StartServerAsync();

        Assert.Contains("UseDirectory", (await faulted.Task.WaitAsync(Cancellation)).Message, StringComparison.Ordinal);
    }

    sealed class FaultObserver(TaskCompletionSource<Exception> faulted) : IEndpointConfigurationObserver, IReceiveEndpointObserver
    {
        public void EndpointConfigured<T>(T configurator)
            where T : IReceiveEndpointConfigurator =>
            configurator.ConnectReceiveEndpointObserver(this);

        public Task Ready(ReceiveEndpointReady ready) => Task.CompletedTask;
        public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;
        public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

        public Task Faulted(ReceiveEndpointFaulted fault)
        {
            faulted.TrySetResult(fault.Exception!);

            return Task.CompletedTask;
        }
    }

    static async Task<IReadOnlyList<string>> CallsOfAStart(Cloud cloud)
    {
        var calls = new ApiCalls();

        await using var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>());
            s.InterceptApi(calls.Handler);
        });

        return calls.All;
    }
}

using System.Collections.Concurrent;
using MassTransit.QStash.Tests.Support;
using QStash.Client;

namespace MassTransit.QStash.Tests;

public class Deploying_the_topology
{
    sealed class ApiCalls : DelegatingHandler
    {
        readonly ConcurrentQueue<string> _calls;

        public ApiCalls(ConcurrentQueue<string> calls) => _calls = calls;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            _calls.Enqueue($"{request.Method} {request.RequestUri!.AbsolutePath}");

            return base.SendAsync(request, cancellationToken);
        }
    }

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
        var cancellationToken = TestContext.Current.CancellationToken;
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

        Assert.Single(await cloud.Client.UrlGroups.ListAsync(TestContext.Current.CancellationToken));
        Assert.Empty(orders.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task Reports_a_refused_token_and_does_not_try_forever()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = cloud.Build("orders", s =>
        {
            s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>(), (_, cfg) => cfg.Host(h => h.Token("not-the-token")));
            s.Services.RemoveMassTransitHostedService();
        });

        var exception = await Assert.ThrowsAsync<ConnectionException>(() => orders.Bus.StartAsync(TestContext.Current.CancellationToken));
        Assert.False(exception.IsTransient);
        Assert.DoesNotContain("not-the-token", exception.ToString(), StringComparison.Ordinal);
    }

    static async Task<string[]> CallsOfAStart(Cloud cloud)
    {
        var calls = new ConcurrentQueue<string>();

        await using var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>());
            s.InterceptApi(() => new ApiCalls(calls));
        });

        return calls.ToArray();
    }
}

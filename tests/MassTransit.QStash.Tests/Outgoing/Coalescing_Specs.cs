using System.Collections.Concurrent;
using System.Text.Json;
using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests;

/// <summary>
/// Sends that wait at the same time travel together (S3).
/// </summary>
public sealed class Sends_at_the_same_time : IAsyncDisposable
{
    readonly ConcurrentQueue<string[]> _requests = new();
    Cloud _cloud = null!;
    Service _orders = null!;

    [Fact]
    public async Task Take_few_requests_and_keep_their_order()
    {
        await Start();
        var endpoint = await _orders.Bus.GetSendEndpoint(new Uri("queue:orders"));

        await Task.WhenAll(Enumerable.Range(0, 200).Select(number => endpoint.Send(new OrderSubmitted($"{number:000}"), Cancellation)));
        await _cloud.WaitUntilIdleAsync();

        Assert.InRange(_requests.Count, 2, 20);
        Assert.Equal(Enumerable.Range(0, 200).Select(number => $"{number:000}"), _requests.SelectMany(ids => ids));
        Assert.Equal(200, _orders.Observed.Messages<OrderSubmitted>().Distinct().Count());
    }

    [Fact]
    public async Task Take_a_request_each_when_that_is_wanted()
    {
        await Start(cfg => cfg.Host(h => h.CoalesceSends(false)));
        var endpoint = await _orders.Bus.GetSendEndpoint(new Uri("queue:orders"));

        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => endpoint.Send(new OrderSubmitted($"{number:000}"), Cancellation)));

        Assert.Equal(20, _requests.Count);
    }

    [Fact]
    public async Task With_one_key_are_consumed_in_order_without_waiting_for_one_another()
    {
        await Start(cfg => cfg.Send<OrderSubmitted>(x => x.UseOrderedDelivery(_ => "one")));
        var endpoint = await _orders.Bus.GetSendEndpoint(new Uri("queue:orders"));

        await Task.WhenAll(Enumerable.Range(0, 50).Select(number => endpoint.Send(new OrderSubmitted($"{number:000}"), Cancellation)));
        await _cloud.WaitUntilIdleAsync();

        Assert.Equal(Enumerable.Range(0, 50).Select(number => $"{number:000}"), _orders.Observed.Messages<OrderSubmitted>().Select(x => x.OrderId));
    }

    [Fact]
    public async Task Fail_only_where_QStash_refuses()
    {
        await Start();
        var endpoint = await _orders.Bus.GetSendEndpoint(new Uri("queue:orders"));

        var sends = Enumerable.Range(0, 20)
            .Select(number => endpoint.Send(new OrderSubmitted($"{number:000}"), x => x.Delay = number == 7 ? TimeSpan.FromDays(500) : null, Cancellation))
            .ToArray();

        var exception = await Assert.ThrowsAsync<MessageException>(() => sends[7]);
        Assert.Contains("365", exception.Message, StringComparison.Ordinal);
        await Task.WhenAll(sends.Where((_, number) => number != 7));
        await _cloud.WaitUntilIdleAsync();
        Assert.Equal(19, _orders.Observed.Messages<OrderSubmitted>().Count);
    }

    [Fact]
    public async Task Reach_the_consumers_of_base_types_too()
    {
        await Start(cfg => cfg.ReceiveEndpoint("animals", e => e.Handler<IAnimal>(context =>
        {
            _orders.Observed.Add(context);
            return Task.CompletedTask;
        })));

        await Task.WhenAll(Enumerable.Range(0, 50).Select(number => _orders.Publish(new Dog($"{number}"))));
        await _cloud.WaitUntilIdleAsync();

        Assert.Equal(50, _orders.Observed.Messages<IAnimal>().Select(x => x.Name).Distinct().Count());
    }

    async Task Start(Action<IQStashBusFactoryConfigurator>? configure = null)
    {
        _cloud = await Cloud.StartAsync();
        _orders = await _cloud.StartServiceAsync("orders", s =>
        {
            s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e => e.Name = "orders"), (_, cfg) => configure?.Invoke(cfg));
            s.InterceptApi(() => new Listener(_requests));
        });
        _requests.Clear();
    }

    /// <summary>Takes note of the orders in each request, as QStash gets them.</summary>
    sealed class Listener(ConcurrentQueue<string[]> requests) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.AbsolutePath;

            if (path == "/v2/batch")
            {
                using var batch = JsonDocument.Parse(await request.Content!.ReadAsStringAsync(cancellationToken));
                requests.Enqueue(batch.RootElement.EnumerateArray().Select(item => OrderId(item.GetProperty("body").GetString()!)).ToArray());
            }
            else if (path.StartsWith("/v2/publish", StringComparison.Ordinal))
                requests.Enqueue([OrderId(await request.Content!.ReadAsStringAsync(cancellationToken))]);

            return await base.SendAsync(request, cancellationToken);
        }

        static string OrderId(string body)
        {
            using var envelope = JsonDocument.Parse(body);

            return envelope.RootElement.GetProperty("message").TryGetProperty("orderId", out var id) ? id.GetString()! : "";
        }
    }

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();
}

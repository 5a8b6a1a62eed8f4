using System.Net;
using MassTransit.QStash.Tests.Support;
using Microsoft.AspNetCore.Builder;

namespace MassTransit.QStash.Tests;

public class Stopping_a_service
{
    [Fact]
    public async Task Finishes_the_message_it_is_consuming()
    {
        var consuming = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var cloud = await Cloud.StartAsync();
        var billing = await cloud.StartServiceAsync("billing", s => s.AddBus(x => x.AddConsumer<Recorder<CardCharged>>()));
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint("orders",
            e => e.Handler<ChargeCard>(async context =>
            {
                consuming.SetResult();
                await release.Task;
                await context.Publish(new CardCharged(context.Message.OrderId));
            }))));
        await orders.Publish(new ChargeCard("42"));
        await consuming.Task.WaitAsync(Cancellation);

        var stopping = orders.StopAsync();
        Assert.False(stopping.IsCompleted);
        release.SetResult();
        await stopping;
        await cloud.WaitUntilIdleAsync();

        Assert.Equal([new CardCharged("42")], billing.Observed.Messages<CardCharged>());
        Assert.Empty((await cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items);
    }
}

public class A_delivery_that_is_given_up
{
    [Fact]
    public async Task Cancels_its_consumer()
    {
        var consuming = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var canceled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint("orders", e =>
        {
            e.UseRawJsonDeserializer();
            e.Handler<OrderSubmitted>(async context =>
            {
                await using var registration = context.CancellationToken.Register(() => canceled.TrySetResult());
                consuming.SetResult();
                await canceled.Task;
            });
        })));
        using var http = new HttpClient();
        using var source = new CancellationTokenSource();
        var delivery = Delivery.Of(cloud, "http://orders.test/qstash/orders", """{"orderId":"42"}""");

        var answering = http.SendAsync(delivery.To(new Uri(orders.LocalAddress, "qstash/orders"), delivery.Sign()), source.Token);
        await consuming.Task.WaitAsync(Cancellation);
        await source.CancelAsync();

        await canceled.Task.WaitAsync(Cancellation);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answering);
    }
}

public class An_endpoint_with_a_concurrent_message_limit
{
    [Fact]
    public async Task Turns_those_who_wait_away_when_the_application_stops()
    {
        var consuming = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var requests = 0;
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint("orders", e =>
            {
                e.ConcurrentMessageLimit = 1;
                e.UseRawJsonDeserializer();
                e.Handler<OrderSubmitted>(_ =>
                {
                    consuming.TrySetResult();
                    return release.Task;
                });
            }));
            s.Map(app =>
            {
                app.Use((_, next) =>
                {
                    if (Interlocked.Increment(ref requests) == 2)
                        arrived.SetResult();

                    return next();
                });
                app.MapQStash();
            });
        });
        using var http = new HttpClient();
        var delivery = Delivery.Of(cloud, "http://orders.test/qstash/orders", """{"orderId":"42"}""");
        Task<HttpResponseMessage> Post() =>
            http.SendAsync(delivery.To(new Uri(orders.LocalAddress, "qstash/orders"), delivery.Sign()), Cancellation);

        var first = Post();
        await consuming.Task.WaitAsync(Cancellation);
        var second = Post();
        await arrived.Task.WaitAsync(Cancellation);
        var stopping = orders.StopAsync();

        // While the first one still runs.
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await second).StatusCode);
        release.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
        await stopping;
    }

    [Fact]
    public async Task Consumes_no_more_messages_at_once()
    {
        var gate = new object();
        var (running, most) = (0, 0);
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>(), (context, cfg) => cfg.ReceiveEndpoint("orders", e =>
        {
            e.ConcurrentMessageLimit = 2;
            e.UseExecute(_ =>
            {
                lock (gate)
                    most = Math.Max(most, ++running);
            });
            e.ConfigureConsumer<Recorder<OrderSubmitted>>(context);
            e.UseExecuteAsync(async _ =>
            {
                await Task.Yield();
                lock (gate)
                    running--;
            });
        })));

        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => orders.Publish(new OrderSubmitted($"{i}"))));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(50, orders.Observed.Messages<OrderSubmitted>().Count);
        Assert.InRange(most, 1, 2);
    }
}

public class A_second_bus
{
    public interface IBillingBus : IBus;

    [Fact]
    public async Task Has_its_own_endpoints_and_shares_the_routes()
    {
        await using var cloud = await Cloud.StartAsync();
        var service = await cloud.StartServiceAsync("shop", s =>
        {
            s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e => e.Name = "orders"));
            s.Services.AddMassTransit<IBillingBus>(x =>
            {
                x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "billing");
                x.UsingQStash((context, cfg) =>
                {
                    s.UseCloud(cfg);
                    cfg.ConfigureEndpoints(context);
                });
            });
        });

        await service.Send("http://shop.test/qstash/orders", new OrderSubmitted("42"));
        await service.Send("http://shop.test/qstash/billing", new ChargeCard("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Single(service.Observed.Messages<OrderSubmitted>());
        Assert.Single(service.Observed.Messages<ChargeCard>());
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Claims;
using MassTransit.QStash.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MassTransit.QStash.Tests;

/// <summary>
/// A consumer runs as on any other transport: no HTTP request is around it.
/// </summary>
public class A_consumer_outside_of_the_request
{
    const string Trace = "0af7651916cd43dd8448eb211c80319c";
    const string Span = "b7ad6b7169203331";

    static readonly AsyncLocal<string?> Tenant = new();

    static Task<Service> StartAsync(
        Cloud cloud, Func<ConsumeContext<OrderSubmitted>, IServiceProvider, Task> consume, Action<WebApplication>? map = null, bool isLogged = true) =>
        cloud.StartServiceAsync("orders", s =>
        {
            s.Services.AddHttpContextAccessor();
            // ASP.NET Core makes an activity for each request that it logs.
            if (!isLogged)
                s.Services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None));
            s.AddBus(null, (context, cfg) => cfg.ReceiveEndpoint("orders", e =>
            {
                e.UseRawJsonDeserializer();
                e.Handler<OrderSubmitted>(message => consume(message, context));
            }));
            s.Map(app =>
            {
                map?.Invoke(app);
                app.MapQStash();
            });
        });

    [Fact]
    public async Task Sees_nothing_that_flows_along_with_it()
    {
        List<object?> seen = [];
        // QStash has its answer before the middleware goes on.
        var isOver = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var cloud = await Cloud.StartAsync();
        await using var orders = await StartAsync(cloud, async (context, services) =>
            {
                await Task.Yield();
                seen.AddRange([services.GetRequiredService<IHttpContextAccessor>().HttpContext, Tenant.Value, Thread.CurrentPrincipal, CultureInfo.CurrentCulture.Name == "tlh", context.Headers.Get<string>("Path")]);
            },
            app => app.Use(async (http, next) =>
            {
                Tenant.Value = "acme";
                CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = new CultureInfo("tlh");
                Thread.CurrentPrincipal = new ClaimsPrincipal(new ClaimsIdentity("test"));

                await next();

                // And what the middleware set is there again after it.
                Assert.Equal("acme", Tenant.Value);
                seen.Add(http.Response.StatusCode);
                isOver.SetResult();
            }));

        await orders.Send("queue:orders", new OrderSubmitted("42"));
        await isOver.Task;

        Assert.Equal([null, null, null, false, null, StatusCodes.Status200OK], seen);
    }

    [Fact]
    public async Task Stamps_nothing_of_the_delivery_on_what_it_publishes()
    {
        await using var cloud = await Cloud.StartAsync();
        await using var billing = await cloud.StartServiceAsync("billing", s => s.AddBus(x => x.AddConsumer<Recorder<CardCharged>>()));
        await using var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.Services.AddHttpContextAccessor();
            s.AddBus(null, (context, cfg) =>
            {
                cfg.ConfigurePublish(x => x.UseExecute(publish => publish.Headers.Set("Path",
                    context.GetRequiredService<IHttpContextAccessor>().HttpContext?.Request.Path.Value ?? "no request")));
                cfg.ReceiveEndpoint("orders", e => e.Handler<OrderSubmitted>(order => order.Publish(new CardCharged(order.Message.OrderId))));
            });
        });

        await orders.Send("queue:orders", new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal("no request", Assert.Single(billing.Observed.Contexts<CardCharged>()).Headers.Get<string>("Path"));
    }

    [Fact]
    public async Task Gets_the_request_as_a_payload_for_as_long_as_it_lasts()
    {
        ReceiveContext? kept = null;
        string? path = null;
        var found = false;
        await using var cloud = await Cloud.StartAsync();
        await using var orders = await StartAsync(cloud, (context, _) =>
        {
            kept = context.ReceiveContext;
            path = context.GetPayload<HttpContext>().Request.Path;
            found = context.HasPayloadType(typeof(HttpContext));

            return Task.CompletedTask;
        });

        await orders.Send("queue:orders", new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal("/qstash/orders", path);
        Assert.True(found);
        Assert.False(kept!.TryGetPayload<HttpContext>(out _));
        Assert.False(kept.HasPayloadType(typeof(HttpContext)));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(503)]
    public async Task Acknowledges_nothing_with_an_answer_of_its_own(int status)
    {
        var attempts = 0;
        await using var cloud = await Cloud.StartAsync();
        await using var orders = await StartAsync(cloud, async (context, _) =>
        {
            attempts++;
            var response = context.GetPayload<HttpContext>().Response;
            response.StatusCode = status;
            await response.WriteAsync("on its way");

            throw new InvalidOperationException("Out of stock.");
        });

        await orders.Send("queue:orders", new OrderSubmitted("42"));
        await cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal(4, attempts);
        Assert.Single((await cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items);
        await orders.Log.WaitForWarningAsync("Aborted a delivery");
    }

    [Fact]
    public async Task May_have_answered_itself_when_it_succeeds()
    {
        var attempts = 0;
        await using var cloud = await Cloud.StartAsync();
        await using var orders = await StartAsync(cloud, async (context, _) =>
        {
            attempts++;
            await context.GetPayload<HttpContext>().Response.WriteAsync("done");
        });

        await orders.Send("queue:orders", new OrderSubmitted("42"));
        await cloud.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal(1, attempts);
    }

    [Fact]
    public async Task Continues_the_trace_of_the_sender_without_the_baggage_of_the_request()
    {
        using var traces = Traces.Collect("MassTransit", "Microsoft.AspNetCore");
        var consumed = new TaskCompletionSource<Activity?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var cloud = await Cloud.StartAsync();
        await using var orders = await StartAsync(cloud, (_, _) =>
            {
                consumed.SetResult(Activity.Current);
                return Task.CompletedTask;
            },
            app => app.Use((_, next) =>
            {
                Activity.Current?.SetBaggage("from", "proxy");
                return next();
            }));
        using var parent = new Activity("checkout").SetIdFormat(ActivityIdFormat.W3C).Start();

        await orders.Send("queue:orders", new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        var activity = await consumed.Task;
        Assert.Equal(parent.TraceId, activity?.TraceId);
        Assert.Null(activity!.GetBaggageItem("from"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Continues_the_trace_of_a_stranger(bool isRequestTraced)
    {
        using var traces = Traces.Collect(isRequestTraced ? ["MassTransit", "Microsoft.AspNetCore"] : ["MassTransit"]);
        var consumed = new TaskCompletionSource<Activity?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var cloud = await Cloud.StartAsync();
        await using var orders = await StartAsync(cloud, (_, _) =>
            {
                consumed.SetResult(Activity.Current);
                return Task.CompletedTask;
            },
            app => app.Use((_, next) =>
            {
                Activity.Current?.SetBaggage("from", "proxy");
                return next();
            }),
            isLogged: isRequestTraced);

        await DeliverTraced(cloud, orders);

        var activity = await consumed.Task;
        Assert.Equal(Trace, activity?.TraceId.ToString());
        // Through the request, if that has a span.
        Assert.Equal(isRequestTraced, (activity!.Parent ?? activity).ParentSpanId.ToString() != Span);
        Assert.Null(activity.GetBaggageItem("from"));
    }

    [Fact]
    public async Task Is_in_no_trace_of_the_request_if_MassTransit_sent_the_message_without_one()
    {
        using var traces = Traces.Collect("MassTransit");
        var consumed = new TaskCompletionSource<Activity?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var cloud = await Cloud.StartAsync();
        await using var orders = await StartAsync(cloud, (_, _) =>
        {
            consumed.SetResult(Activity.Current);
            return Task.CompletedTask;
        });

        await DeliverTraced(cloud, orders, ("MassTransit-Headers", "{}"));

        Assert.NotEqual(Trace, (await consumed.Task)!.TraceId.ToString());
    }

    static async Task DeliverTraced(Cloud cloud, Service orders, params (string Name, string Value)[] headers)
    {
        using var http = new HttpClient();
        var delivery = Delivery.Of(cloud, "http://orders.test/qstash/orders", """{"orderId":"42"}""");
        using var request = delivery.To(new Uri(orders.LocalAddress, "qstash/orders"), delivery.Sign());
        request.Headers.TryAddWithoutValidation("traceparent", $"00-{Trace}-{Span}-01");
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);

        using var response = await http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}

public class Stopping_an_application_with_a_time_for_its_consumers
{
    public enum Ending
    {
        Canceled,
        CanceledByAnotherToken,
        Failed,
    }

    [Theory]
    [InlineData(true, Ending.Canceled)]
    [InlineData(false, Ending.Canceled)]
    [InlineData(true, Ending.CanceledByAnotherToken)]
    [InlineData(true, Ending.Failed)]
    public async Task Cancels_them_when_it_is_over_and_QStash_tries_again(bool isConsumerStopTimeout, Ending ending)
    {
        var consuming = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var cloud = await Cloud.StartAsync();
        var faults = await cloud.StartServiceAsync("faults", s => s.AddBus(x => x.AddConsumer<Recorder<Fault<OrderSubmitted>>>().Endpoint(e => e.Name = "faults")));
        var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.Services.Configure<HostOptions>(x => x.ShutdownTimeout = TimeSpan.FromMinutes(5));
            s.Services.Configure<MassTransitHostOptions>(x =>
            {
                if (isConsumerStopTimeout)
                    x.ConsumerStopTimeout = TimeSpan.FromMilliseconds(100);
                else
                    x.StopTimeout = TimeSpan.FromMilliseconds(100);
            });
            s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint("orders", e =>
            {
                e.UseRawJsonDeserializer();
                e.Handler<OrderSubmitted>(async context =>
                {
                    using var linked = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
                    consuming.TrySetResult();
                    try
                    {
                        await Task.Delay(Timeout.Infinite, ending == Ending.Canceled ? context.CancellationToken : linked.Token);
                    }
                    catch (OperationCanceledException) when (ending == Ending.Failed)
                    {
                        throw new InvalidOperationException("The database hung up.");
                    }
                });
            }));
        });
        using var http = new HttpClient();
        var delivery = Delivery.Of(cloud, "http://orders.test/qstash/orders", """{"orderId":"42"}""");
        var answering = http.SendAsync(delivery.To(new Uri(orders.LocalAddress, "qstash/orders"), delivery.Sign()), Cancellation);
        await consuming.Task.WaitAsync(Cancellation);

        var stopping = orders.StopAsync();

        using var response = await answering;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        await stopping;
        await cloud.WaitUntilIdleAsync();
        Assert.Empty(faults.Observed.Messages<Fault<OrderSubmitted>>());
    }

    [Fact]
    public async Task Cancels_each_although_the_cancellation_of_another_fails()
    {
        var (count, consuming) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.Services.Configure<MassTransitHostOptions>(x => x.ConsumerStopTimeout = TimeSpan.FromMilliseconds(100));
            s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint("orders", e =>
            {
                e.UseRawJsonDeserializer();
                e.Handler<OrderSubmitted>(async context =>
                {
                    await using var registration = context.CancellationToken.Register(() => throw new InvalidOperationException("Not now."));
                    if (Interlocked.Increment(ref count) == 2)
                        consuming.SetResult();

                    await Task.Delay(Timeout.Infinite, context.CancellationToken);
                });
            }));
        });
        using var http = new HttpClient();
        var delivery = Delivery.Of(cloud, "http://orders.test/qstash/orders", """{"orderId":"42"}""");
        Task<HttpResponseMessage> Post() => http.SendAsync(delivery.To(new Uri(orders.LocalAddress, "qstash/orders"), delivery.Sign()), Cancellation);
        var answering = Task.WhenAll(Post(), Post());
        await consuming.Task.WaitAsync(Cancellation);

        await orders.StopAsync();

        Assert.All(await answering, answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode));
        Assert.Equal(2, orders.Log.Warnings.Count(line => line.StartsWith("A consumer of http://orders.test/qstash/orders failed while it was cancelled", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Loses_no_message()
    {
        var consuming = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var cloud = await Cloud.StartAsync();
        var first = await cloud.StartServiceAsync("orders", s =>
        {
            s.Services.Configure<HostOptions>(x => x.ShutdownTimeout = TimeSpan.FromMinutes(5));
            s.Services.Configure<MassTransitHostOptions>(x => x.ConsumerStopTimeout = TimeSpan.FromMilliseconds(100));
            s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint("orders", e => e.Handler<OrderSubmitted>(context =>
            {
                consuming.TrySetResult();
                return Task.Delay(Timeout.Infinite, context.CancellationToken);
            })));
        });
        await first.Send("queue:orders", new OrderSubmitted("42"));
        await consuming.Task.WaitAsync(Cancellation);

        await first.StopAsync();
        var second = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e => e.Name = "orders")));
        await cloud.AdvanceAsync(TimeSpan.FromSeconds(5));

        Assert.Equal([new OrderSubmitted("42")], second.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task Lets_them_finish_within_it()
    {
        var consuming = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.Services.Configure<MassTransitHostOptions>(x => x.ConsumerStopTimeout = TimeSpan.FromMinutes(5));
            s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint("orders", e =>
            {
                e.UseRawJsonDeserializer();
                e.Handler<OrderSubmitted>(context =>
                {
                    consuming.TrySetResult();
                    return release.Task.WaitAsync(context.CancellationToken);
                });
            }));
        });
        using var http = new HttpClient();
        var delivery = Delivery.Of(cloud, "http://orders.test/qstash/orders", """{"orderId":"42"}""");
        var answering = http.SendAsync(delivery.To(new Uri(orders.LocalAddress, "qstash/orders"), delivery.Sign()), Cancellation);
        await consuming.Task.WaitAsync(Cancellation);

        var stopping = orders.StopAsync();
        release.SetResult();

        using var response = await answering;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await stopping;
    }
}

using System.Net;
using System.Text;
using MassTransit.Contracts.JobService;
using MassTransit.QStash.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.QStash.Tests;

/// <summary>
/// The sagas of MassTransit's job service rely on the order in which the messages of a job are sent: what comes too early they try
/// again and again, and hold back what it waits for.
/// </summary>
public class A_recurring_job
{
    const int Repeats = 5;

    // Nothing but the tests runs it.
    const string Yearly = "0 0 0 1 1 ?";

    public class Sweep;

    sealed class Sweeper : IJobConsumer<Sweep>
    {
        public Task Run(JobContext<Sweep> context) => Task.CompletedTask;
    }

    [Fact]
    public async Task Goes_on_when_it_is_changed_as_soon_as_it_is_known_to_be_done()
    {
        await using var cloud = await StartAsync();
        var rooms = await StartAsync(cloud, _ => Task.CompletedTask);

        for (var repeat = 1; repeat <= Repeats; repeat++)
        {
            await Schedule(rooms, repeat % 2 == 0 ? "*/2 * * * * ?" : "* * * * * ?");
            await rooms.Observed.WaitForAsync<JobCompleted<Sweep>>(x => rooms.Observed.Messages<JobCompleted<Sweep>>().Count >= repeat);
        }

        await AssertNothingFailed(cloud, rooms);
    }

    [Fact]
    public async Task Is_cancelled_as_soon_as_it_is_known_to_be_done()
    {
        await using var cloud = await StartAsync();
        var rooms = await StartAsync(cloud, _ => Task.CompletedTask);

        for (var repeat = 1; repeat <= Repeats; repeat++)
        {
            await Schedule(rooms, Yearly);
            await rooms.Bus.RunRecurringJob<Sweep>("sweep");
            await rooms.Observed.WaitForAsync<JobCompleted<Sweep>>(x => rooms.Observed.Messages<JobCompleted<Sweep>>().Count >= repeat);
            await rooms.Bus.CancelRecurringJob<Sweep>("sweep", "Enough.", Cancellation);
            await rooms.Observed.WaitForAsync<JobCanceled>(x => rooms.Observed.Messages<JobCanceled>().Count >= repeat);
        }

        await AssertNothingFailed(cloud, rooms);
    }

    [Fact]
    public async Task Hears_that_it_is_done_before_it_hears_that_it_is_cancelled()
    {
        await using var cloud = await StartAsync();
        var isHeld = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var rooms = await StartAsync(cloud, async body =>
        {
            if (!body.Contains("urn:message:MassTransit.Contracts.JobService:JobCompleted\"", StringComparison.Ordinal))
                return;

            isHeld.TrySetResult();
            await release.Task;
        });

        await Schedule(rooms, Yearly);
        await rooms.Bus.RunRecurringJob<Sweep>("sweep");
        await isHeld.Task;
        await rooms.Bus.CancelRecurringJob<Sweep>("sweep", "Enough.", Cancellation);

        // The cancellation waits at QStash, behind what the saga has to hear first.
        var queues = await cloud.Client.Queues.ListAsync(Cancellation);
        Assert.Contains(queues, queue => queue.Lag >= 2);

        release.SetResult();
        await rooms.Observed.WaitForAsync<JobCanceled>();
        await AssertNothingFailed(cloud, rooms);
    }

    // The sagas go by the clock of the system.
    static Task<Cloud> StartAsync() => Cloud.StartAsync(TimeProvider.System);

    static async Task<Service> StartAsync(Cloud cloud, Func<string, Task> hold)
    {
        var rooms = await cloud.StartServiceAsync("rooms", s => Configure(s, hold));
        cloud.Resolve("rooms-1.test", IPEndPoint.Parse(rooms.LocalAddress.Authority));
        await rooms.Observed.WaitForAsync<SetConcurrentJobLimit>();

        return rooms;
    }

    static void Configure(ServiceBuilder s, Func<string, Task> hold)
    {
        s.Map(app =>
        {
            app.Use(async (http, next) =>
            {
                await hold(await ReadBody(http.Request));
                await next(http);
            });
            app.MapQStash();
        });

        s.AddBus(
            x =>
            {
                x.AddDelayedMessageScheduler();
                x.SetInMemorySagaRepositoryProvider();
                x.AddJobSagaStateMachines();
                x.AddConsumer<Sweeper>();
                x.AddConsumer<Recorder<JobCompleted<Sweep>>>().Endpoint(e => e.Name = "swept");
                x.AddConsumer<Recorder<JobCanceled>>();
                x.AddConsumer<Recorder<SetConcurrentJobLimit>>();
            },
            (_, cfg) =>
            {
                cfg.UseDelayedMessageScheduler();
                cfg.Host(h => h.InstanceBaseAddress(new Uri("http://rooms-1.test")));
            });
    }

    static async Task<string> ReadBody(HttpRequest request)
    {
        request.EnableBuffering();
        using var reader = new StreamReader(request.Body, Encoding.UTF8, leaveOpen: true);
        var body = await reader.ReadToEndAsync();
        request.Body.Position = 0;

        return body;
    }

    static async Task Schedule(Service rooms, string cron)
    {
        await using var scope = rooms.Services.CreateAsyncScope();

        await scope.ServiceProvider.GetRequiredService<IRequestClient<SubmitJob<Sweep>>>()
            .AddOrUpdateRecurringJob("sweep", new Sweep(), cron, Cancellation);
    }

    static async Task AssertNothingFailed(Cloud cloud, Service rooms)
    {
        await rooms.StopAsync();

        Assert.Empty((await cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items);
        Assert.DoesNotContain(rooms.Log.Warnings, line => line.Contains("R-RETRY", StringComparison.Ordinal));
    }
}

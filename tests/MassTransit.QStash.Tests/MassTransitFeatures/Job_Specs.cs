using System.Net;
using MassTransit.Contracts.JobService;
using MassTransit.QStash.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.QStash.Tests;

/// <summary>
/// Job consumers run outside of the delivery, so they are the answer to work that takes longer than QStash waits (S2).
/// </summary>
public class A_job
{
    public record Encode(string Video);

    sealed class Encoder(LongWork work) : IJobConsumer<Encode>
    {
        public Task Run(JobContext<Encode> context)
        {
            if (context.Job.Video == "flaky" && context.RetryAttempt == 0)
                throw new InvalidOperationException("Out of memory.") { Data = { ["cannot be serialized"] = typeof(string) } };

            return context.Job.Video == "long" ? work.Done : Task.CompletedTask;
        }
    }

    sealed class LongWork
    {
        readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Done => _done.Task;
        public void Finish() => _done.SetResult();
    }

    [Fact]
    public async Task Goes_on_after_its_delivery_was_answered()
    {
        await using var cloud = await Cloud.StartAsync();
        var videos = await StartAsync(cloud);
        var jobId = NewId.NextGuid();

        await Submit(videos, jobId, "long");
        await videos.Observed.WaitForAsync<JobStarted>(x => x.Message.JobId == jobId);
        await cloud.WaitUntilIdleAsync();

        // QStash has nothing under way any more, and the job runs.
        Assert.Empty(videos.Observed.Messages<JobCompleted>());

        videos.Services.GetRequiredService<LongWork>().Finish();
        Assert.Equal(jobId, (await videos.Observed.WaitForAsync<JobCompleted>()).Message.JobId);
        Assert.Empty((await cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items);
        await videos.StopAsync();
    }

    [Fact]
    public async Task Is_tried_again_after_its_delay()
    {
        await using var cloud = await Cloud.StartAsync();
        var videos = await StartAsync(cloud);

        await Submit(videos, NewId.NextGuid(), "flaky");
        await videos.Observed.WaitForAsync<JobAttemptFaulted>();
        await cloud.AdvanceAsync(TimeSpan.FromMinutes(4));
        Assert.Empty(videos.Observed.Messages<JobCompleted>());

        // A job runs outside of deliveries, so idle does not tell that it got on; its sagas wait on the clock for each other.
        cloud.Clock.Scale = 60;
        cloud.Clock.Resume();
        await videos.Observed.WaitForAsync<JobCompleted>();
        Assert.Empty(videos.Observed.Messages<JobFaulted>());
        await videos.StopAsync();
    }

    static async Task<Service> StartAsync(Cloud cloud)
    {
        var videos = await cloud.StartServiceAsync("videos", Configure);
        cloud.Resolve("videos-1.test", IPEndPoint.Parse(videos.LocalAddress.Authority));

        // The process tells how many jobs it takes; a job that comes first waits for half a minute of the clock.
        await videos.Observed.WaitForAsync<SetConcurrentJobLimit>();
        await cloud.WaitUntilIdleAsync();

        return videos;
    }

    static void Configure(ServiceBuilder s)
    {
        s.Services.AddSingleton<LongWork>();
        s.AddBus(
            x =>
            {
                x.AddDelayedMessageScheduler();
                x.SetInMemorySagaRepositoryProvider();
                x.AddJobSagaStateMachines();
                x.AddConsumer<Encoder>(c => c.Options<JobOptions<Encode>>(options => options.SetRetry(r => r.Interval(1, TimeSpan.FromMinutes(5)))));
                x.AddConsumer<Recorder<JobStarted>>();
                x.AddConsumer<Recorder<JobCompleted>>();
                x.AddConsumer<Recorder<JobFaulted>>();
                x.AddConsumer<Recorder<JobAttemptFaulted>>();
                x.AddConsumer<Recorder<SetConcurrentJobLimit>>();
            },
            (_, cfg) =>
            {
                cfg.UseDelayedMessageScheduler();
                // What concerns a running job is sent to the process that runs it.
                cfg.Host(h => h.InstanceBaseAddress(new Uri("http://videos-1.test")));
            });
    }

    static async Task Submit(Service service, Guid jobId, string video)
    {
        await using var scope = service.Services.CreateAsyncScope();

        await scope.ServiceProvider.GetRequiredService<IRequestClient<SubmitJob<Encode>>>()
            .SubmitJob(jobId, new Encode(video), cancellationToken: Cancellation);
    }
}

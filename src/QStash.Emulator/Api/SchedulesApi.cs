using QStash.Emulator.Delivery;
using QStash.Emulator.Errors;
using QStash.Emulator.Grammar;
using QStash.Emulator.Http;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Api;

// docs/qstash-contract.md#schedules
/// <summary>Schedules.</summary>
sealed class SchedulesApi(Dispatcher dispatcher)
{
    const int IdLength = 28;

    // The documentation says POST, and all official SDKs use PATCH.
    static readonly string[] ActionVerbs = ["POST", "PATCH"];

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost(RawTargetRouting.Schedule, CreateAsync);
        endpoints.MapGet("/v2/schedules", ListAsync);
        endpoints.MapGet("/v2/schedules/{id}", GetAsync);
        endpoints.MapDelete("/v2/schedules/{id}", Delete);
        endpoints.MapMethods("/v2/schedules/{id}/pause", ActionVerbs, (RequestDelegate)Pause);
        endpoints.MapMethods("/v2/schedules/{id}/resume", ActionVerbs, (RequestDelegate)Resume);
    }

    /// <exception cref="ApiException">400 naming the header that cannot be used, 412 when there are too many schedules.</exception>
    public async Task CreateAsync(HttpContext context, PublishRequest request)
    {
        var schedule = Read(request);
        var account = context.Account();
        lock (account.Gate)
        {
            dispatcher.Quotas.CheckMessage(schedule.Spec);
            if (!account.Schedules.TryGetValue(schedule.Id, out var former))
                dispatcher.Quotas.CheckNewSchedule(account);
            else
                dispatcher.Schedules.Stop(account, former);

            account.Schedules[schedule.Id] = schedule;
            dispatcher.Schedules.Start(account, schedule);
            account.Journal?.Save(schedule);
        }

        await context.AnswerAsync(new ScheduleCreatedAnswer(schedule.Id), EmulatorJson.Default.ScheduleCreatedAnswer);
    }

    async Task CreateAsync(HttpContext context)
    {
        var destination = context.RawTarget().DestinationAfter(RawTargetRouting.Schedule);
        await CreateAsync(context, await PublishRequest.ReadAsync(context, destination, dispatcher.Quotas));
    }

    static Task ListAsync(HttpContext context) => context.AnswerFromAsync(
        static account => account.Schedules.Values.Select(ScheduleAnswer.Of).ToList(), EmulatorJson.Default.ListScheduleAnswer);

    static Task GetAsync(HttpContext context) => context.AnswerFromAsync(
        account => ScheduleAnswer.Of(Find(account, context)), EmulatorJson.Default.ScheduleAnswer);

    /// <summary>Deletes a schedule. Messages that it has already published stay. An unknown schedule is answered with 200 too.</summary>
    Task Delete(HttpContext context)
    {
        var account = context.Account();
        lock (account.Gate)
        {
            if (account.Schedules.Remove(context.RouteText("id"), out var schedule))
            {
                dispatcher.Schedules.Stop(account, schedule);
                account.Journal?.Remove(schedule);
            }
        }

        return Task.CompletedTask;
    }

    Task Pause(HttpContext context)
    {
        var account = context.Account();
        lock (account.Gate)
        {
            var schedule = Find(account, context);
            schedule.Paused = true;
            dispatcher.Schedules.Stop(account, schedule);
            account.Journal?.Save(schedule);
        }

        return Task.CompletedTask;
    }

    Task Resume(HttpContext context)
    {
        var account = context.Account();
        lock (account.Gate)
        {
            var schedule = Find(account, context);
            if (schedule.Paused)
            {
                schedule.Paused = false;
                dispatcher.Schedules.Start(account, schedule);
                account.Journal?.Save(schedule);
            }
        }

        return Task.CompletedTask;
    }

    Schedule Read(PublishRequest request)
    {
        if (request.Spec.NotBefore is not null)
            throw ApiException.BadRequest(
                "Upstash-Not-Before is not allowed in a schedule: use Upstash-Delay, which applies to each message");

        var now = dispatcher.Scheduler.Now;
        var cron = Cron(request.Cron);
        if (cron.Next(now) is null)
            throw ApiException.BadRequest("invalid Upstash-Cron: it never fires");

        var id = request.ScheduleId is { } wanted
            ? ResourceName.Require(wanted, "Upstash-Schedule-Id")
            : "scd_" + RandomText.Base58(IdLength);
        return new Schedule
        {
            Id = id,
            Cron = cron,
            Destination = request.Destination,
            // A deduplication id counts when the schedule is created, and not for its messages.
            Spec = request.Spec with { ScheduleId = id, DeduplicationId = null, ContentBasedDeduplication = false },
            QueueName = request.QueueName is { } queue ? ResourceName.Require(queue, "Upstash-Queue-Name") : null,
            CreatedAt = now,
        };
    }

    static CronSchedule Cron(string? header)
    {
        try
        {
            return CronSchedule.Parse(header ?? throw new FormatException("a schedule needs it"));
        }
        catch (FormatException exception)
        {
            throw ApiException.BadRequest($"invalid Upstash-Cron: Invalid cron expression {exception.Message}");
        }
    }

    static Schedule Find(Account account, HttpContext context)
    {
        var id = context.RouteText("id");
        return account.Schedules.GetValueOrDefault(id) ?? throw ApiException.NotFound($"schedule {id} not found");
    }
}

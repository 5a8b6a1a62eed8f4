using QStash.Emulator.Api;
using QStash.Emulator.Errors;
using QStash.Emulator.Http;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Dashboard;

/// <summary>
/// Serves the page, and what it needs beyond the public API: the users, lists of messages and dead letters without bodies, one message
/// with all that belongs to it, which message waits for which, when schedules run, and news of changes.
/// </summary>
sealed class DashboardApi(AccountRegistry accounts, TimeProvider time)
{
    const int DefaultCount = 100;
    const int MaxCount = 2000;
    const int RunsAhead = 4;
    static readonly string[] Filters = [.. MessageFilter.Names, "host", "path", "count", "state", "search", "before"];

    readonly ChangeCounter _changes = new();

    public void Map(WebApplication app)
    {
        app.Use(next => new ChangeCounting(next, _changes).InvokeAsync);
        DashboardPage.Use(app);
        app.MapGet("/dashboard/settings", SettingsAsync);
        app.MapGet("/dashboard/users/{user}/messages", MessagesAsync);
        app.MapGet("/dashboard/users/{user}/messages/{id}", DetailsAsync);
        app.MapGet("/dashboard/users/{user}/messages/{id}/body", BodyAsync);
        app.MapGet("/dashboard/users/{user}/dlq", DeadLettersAsync);
        app.MapGet("/dashboard/users/{user}/dlq/ids", DeadLetterIdsAsync);
        app.MapGet("/dashboard/users/{user}/blockers", BlockersAsync);
        app.MapGet("/dashboard/users/{user}/runs", RunsAsync);
        app.MapGet("/dashboard/users/{user}/changes", ChangesAsync);
    }

    Task SettingsAsync(HttpContext context)
    {
        var users = accounts.All.Select(account => new DashboardUser(account.Name, account.Token));
        return context.AnswerAsync(new DashboardSettings([.. users], time is VirtualClock), DashboardJson.Default.DashboardSettings);
    }

    async Task MessagesAsync(HttpContext context)
    {
        var account = Find(context);
        var parameters = (await FilterParameters.ReadAsync(context)).Allow(Filters);
        var count = (int)(parameters.Number("count", 1, MaxCount) ?? DefaultCount);
        var before = parameters.Number("before") ?? long.MaxValue;
        var states = parameters.Set("state")?.SelectMany(MessageStateNames.Parse).ToHashSet();
        var search = parameters.Text("search") is { } text ? new TextSearch(text) : null;
        var filter = new MessageFilter(parameters);
        int pending;
        lock (account.Gate)
            pending = account.Messages.Count;

        var messages = MessageSummaries.Newest(account, count + 1, (created, state) =>
            created.Sequence < before
            && states?.Contains(state) is not false
            && filter.Matches(created.Message, created.Time)
            && search?.Matches(created.Message) is not false);
        await context.AnswerAsync(
            new MessageSummaryPage(pending, [.. messages.Take(count)], messages.Count > count),
            DashboardJson.Default.MessageSummaryPage);
    }

    Task DetailsAsync(HttpContext context) =>
        context.AnswerAsync(MessageDetails.Of(Find(context), context.RouteText("id")), DashboardJson.Default.MessageDetails);

    /// <summary>
    /// The whole body with redactions, so that it can be sent again. A browser that opens the address saves the body and does not show it.
    /// </summary>
    Task BodyAsync(HttpContext context)
    {
        var account = Find(context);
        var id = context.RouteText("id");
        Message? message;
        lock (account.Gate)
            message = account.Log.Entries.FirstOrDefault(entry => entry.Message.Id == id).Message;

        var body = message?.Spec.Redacted.Body ?? throw ApiException.NotFound($"message {id} not found");
        context.Response.ContentType = "application/octet-stream";
        context.Response.Headers.ContentDisposition = "attachment";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    async Task DeadLettersAsync(HttpContext context)
    {
        var search = new DeadLetterSearch(await FilterParameters.ReadAsync(context));
        await context.AnswerAsync(search.Page(Find(context)), DashboardJson.Default.DeadLetterSummaryPage);
    }

    async Task DeadLetterIdsAsync(HttpContext context)
    {
        var search = new DeadLetterSearch(await FilterParameters.ReadAsync(context));
        await context.AnswerAsync(search.Ids(Find(context)), DashboardJson.Default.ListString);
    }

    Task BlockersAsync(HttpContext context) => context.AnswerAsync(Blockers.Of(Find(context)), DashboardJson.Default.Blockers);

    /// <summary>The next runs of each schedule that is not paused, in unix milliseconds.</summary>
    async Task RunsAsync(HttpContext context)
    {
        var account = Find(context);
        Dictionary<string, List<long>> runs;
        lock (account.Gate)
            runs = account.Schedules.Values.Where(schedule => schedule.Next is not null).ToDictionary(schedule => schedule.Id, Runs);

        await context.AnswerAsync(runs, DashboardJson.Default.DictionaryStringListInt64);
    }

    static List<long> Runs(Schedule schedule)
    {
        List<long> runs = [];
        for (var next = schedule.Next; next is not null && runs.Count < RunsAhead; next = schedule.Cron.Next(next.Value))
            runs.Add(next.Value);

        return runs;
    }

    async Task ChangesAsync(HttpContext context)
    {
        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var feed = new ChangeFeed(Find(context), _changes, time);
        await TypedResults.ServerSentEvents(feed.EventsAsync(end.Token)).ExecuteAsync(context);
    }

    Account Find(HttpContext context)
    {
        var name = context.RouteText("user");
        return accounts.All.FirstOrDefault(account => account.Name == name) ?? throw ApiException.NotFound($"user {name} not found");
    }
}

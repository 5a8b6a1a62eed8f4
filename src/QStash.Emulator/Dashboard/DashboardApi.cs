using QStash.Emulator.Api;
using QStash.Emulator.Errors;
using QStash.Emulator.Http;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Dashboard;

/// <summary>
/// The dashboard's page and what the page needs beyond the public API: the users, a short form of the newest messages
/// without their bodies, what successful attempts were answered, when schedules run, and word that something changed.
/// </summary>
sealed class DashboardApi(AccountRegistry accounts, TimeProvider time)
{
    const int DefaultCount = 200;
    const int MaxCount = 2000;
    const int RunsAhead = 4;
    const int DeadLetterCount = 100;

    readonly ChangeCounter _changes = new();

    public void Map(WebApplication app)
    {
        app.Use(next => new ChangeCounting(next, _changes).InvokeAsync);
        DashboardPage.Use(app);
        app.MapGet("/dashboard/settings", SettingsAsync);
        app.MapGet("/dashboard/users/{user}/messages", MessagesAsync);
        app.MapGet("/dashboard/users/{user}/messages/{id}/answer", AnswerAsync);
        app.MapGet("/dashboard/users/{user}/messages/{id}/log", LogAsync);
        app.MapGet("/dashboard/users/{user}/dlq", DeadLettersAsync);
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
        var parameters = (await FilterParameters.ReadAsync(context)).Allow("count", "state", "search");
        var count = (int)(parameters.Number("count", 1, MaxCount) ?? DefaultCount);
        var states = parameters.Set("state")?.SelectMany(MessageStateNames.Parse).ToHashSet();
        LogEntry[] entries;
        int pending;
        lock (account.Gate)
        {
            entries = [.. account.Log.Entries];
            pending = account.Messages.Count;
        }

        var messages = MessageSummaries.Newest(entries, count + 1, states, parameters.Text("search"));
        await context.AnswerAsync(
            new MessageSummaryPage(pending, [.. messages.Take(count)], messages.Count > count),
            DashboardJson.Default.MessageSummaryPage);
    }

    /// <summary>Empty when the message has not been delivered, or is no longer in the log.</summary>
    async Task AnswerAsync(HttpContext context)
    {
        var account = Find(context);
        var id = context.RouteText("id");
        LogEntry? delivered;
        lock (account.Gate)
            delivered = account.Log.Entries.LastOrDefault(entry => entry.State == MessageState.Delivered && entry.Message.Id == id);

        await context.AnswerAsync(DeliveredAnswer.Of(delivered?.Result), DashboardJson.Default.DeliveredAnswer);
    }

    async Task LogAsync(HttpContext context)
    {
        var account = Find(context);
        var id = context.RouteText("id");
        MessageLogAnswer answer;
        lock (account.Gate)
            answer = MessageLogAnswer.Of(account.Log.Entries.Where(entry => entry.Message.Id == id));

        await context.AnswerAsync(answer, DashboardJson.Default.MessageLogAnswer);
    }

    /// <summary>The newest dead letters, without what was sent.</summary>
    async Task DeadLettersAsync(HttpContext context)
    {
        var account = Find(context);
        DeadLetterPage answer;
        lock (account.Gate)
        {
            var letters = account.DeadLetters.Letters;
            answer = new DeadLetterPage(
                [.. letters.Skip(letters.Count - DeadLetterCount).Reverse().Select(static letter => DeadLetterAnswer.Of(letter) with { Body = null, BodyBase64 = null, Header = null })],
                letters.Count > DeadLetterCount ? "more" : null);
        }

        await context.AnswerAsync(answer, DashboardJson.Default.DeadLetterPage);
    }

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

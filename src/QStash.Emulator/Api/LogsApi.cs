using QStash.Emulator.Http;

namespace QStash.Emulator.Api;

/// <summary>L1 and L2: the event log (contract 2.9).</summary>
static class LogsApi
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/v2/logs", ListAsync);
        endpoints.MapGet("/v2/events", ListAsync);
    }

    static async Task ListAsync(HttpContext context)
    {
        var account = context.Account();
        var parameters = await FilterParameters.ReadAsync(context);
        var filter = new MessageFilter(parameters);
        var ids = parameters.Set("messageId", "messageIds");
        var states = parameters.Set("state")?.SelectMany(MessageStateNames.Parse).ToHashSet();
        Page<LogEntryAnswer> page;
        lock (account.Gate)
        {
            var found = Page<Storage.LogEntry>.Of(
                account.Log.Entries.Where(entry =>
                    (ids is null || ids.Contains(entry.Message.Id))
                    && (states is null || states.Contains(entry.State))
                    && filter.Matches(entry.Message, entry.Time)),
                parameters,
                static entry => (entry.Time, entry.Sequence));
            page = new Page<LogEntryAnswer> { Items = found.Items.ConvertAll(LogEntryAnswer.Of), Cursor = found.Cursor };
        }

        await context.AnswerAsync(new LogPage(page.Items, page.Items, page.Cursor), EmulatorJson.Default.LogPage);
    }
}

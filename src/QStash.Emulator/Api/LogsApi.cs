using QStash.Emulator.Delivery;
using QStash.Emulator.Http;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Api;

// docs/qstash-contract.md#log
/// <summary>The event log.</summary>
sealed class LogsApi(Quotas quotas)
{
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/v2/logs", ListAsync);
        endpoints.MapGet("/v2/events", ListAsync);
    }

    async Task ListAsync(HttpContext context)
    {
        var account = context.Account();
        var parameters = await FilterParameters.ReadAsync(context);
        var filter = new MessageFilter(parameters);
        var ids = parameters.Set("messageId", "messageIds");
        var states = parameters.Set("state")?.SelectMany(MessageStateNames.Parse).ToHashSet();
        LogPage answer;
        lock (account.Gate)
        {
            quotas.DropExpired(account);
            var page = Page<LogEntry>.Of(
                account.Log.Entries,
                entry => (ids is null || ids.Contains(entry.Message.Id))
                    && (states is null || states.Contains(entry.State))
                    && filter.Matches(entry.Message, entry.Time),
                parameters,
                static entry => (entry.Time, entry.Sequence));
            var entries = page.Items.ConvertAll(LogEntryAnswer.Of);
            answer = new LogPage(entries, entries, page.Cursor);
        }

        await context.AnswerAsync(answer, EmulatorJson.Default.LogPage);
    }
}

using QStash.Emulator.Accounts;
using QStash.Emulator.Delivery;
using QStash.Emulator.Http;
using QStash.Emulator.Messages;

namespace QStash.Emulator.Api;

/// <summary>M1 to M3: read and cancel messages (contract 2.4).</summary>
sealed class MessagesApi(Canceller canceller)
{
    const int MaxCount = 500;

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/v2/messages/{id}", GetAsync);
        endpoints.MapDelete("/v2/messages/{id}", CancelAsync);
        endpoints.MapDelete("/v2/messages", CancelManyAsync);
    }

    static async Task GetAsync(HttpContext context)
    {
        var account = context.Account();
        MessageAnswer answer;
        lock (account.Gate)
            answer = MessageAnswer.Of(Find(account, context.RouteText("id")));

        await context.AnswerAsync(answer, EmulatorJson.Default.MessageAnswer);
    }

    async Task CancelAsync(HttpContext context)
    {
        var account = context.Account();
        lock (account.Gate)
            canceller.Cancel(Find(account, context.RouteText("id")));

        await context.AnswerAsync(new CancelledAnswer(1), EmulatorJson.Default.CancelledAnswer);
    }

    async Task CancelManyAsync(HttpContext context)
    {
        var account = context.Account();
        var parameters = (await FilterParameters.ReadAsync(context)).Allow([.. MessageFilter.Names, "host", "path", "messageIds", "count"]);
        var filter = new MessageFilter(parameters);
        var count = (int)(parameters.Number("count", 1, MaxCount) ?? int.MaxValue);
        int cancelled;
        lock (account.Gate)
        {
            // Ids override every other filter, and unknown ones are ignored.
            var selected = parameters.Set("messageIds") is { } ids
                ? ids.Select(account.Messages.GetValueOrDefault).OfType<Message>()
                : account.Messages.Values.Where(message => filter.Matches(message, message.CreatedAt)).OrderBy(message => message.CreatedAt);
            var messages = selected.Where(static message => !message.CancelRequested).Take(count).ToList();
            messages.ForEach(canceller.Cancel);
            cancelled = messages.Count;
        }

        await context.AnswerAsync(new CancelledAnswer(cancelled), EmulatorJson.Default.CancelledAnswer);
    }

    static Message Find(Account account, string id) =>
        account.Messages.GetValueOrDefault(id) ?? throw ApiException.NotFound($"message {id} not found");
}

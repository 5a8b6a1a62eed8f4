using QStash.Emulator.Delivery;
using QStash.Emulator.Errors;
using QStash.Emulator.Http;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Api;

// docs/qstash-contract.md#messages
/// <summary>Reads, cancels and immediately delivers waiting messages.</summary>
sealed class MessagesApi(Dispatcher dispatcher, Canceller canceller, TimeProvider time)
{
    static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    static readonly string[] Filters = [.. MessageFilter.Names, "host", "path"];

    readonly BulkCanceller _bulk = new(dispatcher, canceller, time);

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/v2/messages/{id}", GetAsync);
        endpoints.MapDelete("/v2/messages/{id}", CancelAsync);
        endpoints.MapDelete("/v2/messages", CancelManyAsync);
        endpoints.MapPost("/v2/messages/{id}/retry", RetryNow);
    }

    static Task GetAsync(HttpContext context) => context.AnswerFromAsync(
        account => MessageAnswer.Of(Find(account, context.RouteText("id"))), EmulatorJson.Default.MessageAnswer);

    Task CancelAsync(HttpContext context)
    {
        var account = context.Account();
        lock (account.Gate)
            canceller.Cancel(Find(account, context.RouteText("id")));

        return AnswerAsync(context, new CancelledAnswer(1));
    }

    async Task CancelManyAsync(HttpContext context)
    {
        var account = context.Account();
        // QStash ignores the count.
        var parameters = (await FilterParameters.ReadAsync(context)).Allow([.. Filters, "messageIds", "count", "async"])
            .NoneEmpty(Filters);
        if (parameters.Set("messageIds") is { } ids)
        {
            await AnswerAsync(context, new CancelledAnswer(Cancel(account, ids)));
            return;
        }

        var inBackground = parameters.Flag("async");
        var filter = new MessageFilter(parameters);
        BulkAction action;
        CancellationToken stopping;
        lock (account.Gate)
        {
            stopping = dispatcher.Stopping;
            action = _bulk.Start(account, parameters.Given(Filters), message => filter.Matches(message, message.CreatedAt));
        }

        if (!inBackground)
            await WaitAsync(action, context.RequestAborted, stopping);

        await AnswerAsync(context, new CancelledAnswer(action.Total, action.Id));
    }

    /// <summary>Ids override every other filter, and unknown ones are ignored.</summary>
    int Cancel(Account account, HashSet<string> ids)
    {
        lock (account.Gate)
        {
            var messages = ids.Select(account.Messages.Find).OfType<Message>()
                .Where(static message => !message.CancelRequested)
                .ToList();
            messages.ForEach(canceller.Cancel);
            return messages.Count;
        }
    }

    async Task WaitAsync(BulkAction action, CancellationToken aborted, CancellationToken stopping)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(aborted, stopping);
        try
        {
            await action.Finished.WaitAsync(LongestWait, time, end.Token);
        }
        catch (TimeoutException)
        {
            throw new ApiException(
                StatusCodes.Status429TooManyRequests,
                $"bulk action {action.Id} is still in progress; it continues, and the same request waits for it again");
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw new ApiException(StatusCodes.Status503ServiceUnavailable, "the emulator is being reset or stopped");
        }
    }

    Task RetryNow(HttpContext context)
    {
        var account = context.Account();
        var id = context.RouteText("id");
        if (!id.StartsWith("msg_", StringComparison.Ordinal))
            throw ApiException.BadRequest($"invalid message id: {id}");

        lock (account.Gate)
        {
            var message = Find(account, id);
            if (message.Queue is not null)
                throw ApiException.BadRequest($"message {id} is in a queue, whose messages cannot be retried now");

            var now = dispatcher.Scheduler.Now;
            if (message.Phase != MessagePhase.Waiting || message.CancelRequested || message.Due <= now)
                throw ApiException.NotFound($"message {id} is not waiting for a delay or a retry");

            account.Journal?.Retrying(message, now);
            dispatcher.Scheduler.Schedule(message, now);
        }

        return Task.CompletedTask;
    }

    static Task AnswerAsync(HttpContext context, CancelledAnswer answer) =>
        context.AnswerAsync(answer, EmulatorJson.Default.CancelledAnswer, StatusCodes.Status202Accepted);

    static Message Find(Account account, string id) =>
        account.Messages.Find(id) ?? throw ApiException.NotFound($"message {id} not found");
}

using QStash.Emulator.Delivery;
using QStash.Emulator.Errors;
using QStash.Emulator.Grammar;
using QStash.Emulator.Http;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Api;

// docs/qstash-contract.md#queues
/// <summary>Queues.</summary>
sealed class QueuesApi(Dispatcher dispatcher, Canceller canceller)
{
    const int MaxBody = 64 * 1024;

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/v2/queues", UpsertAsync);
        endpoints.MapGet("/v2/queues", ListAsync);
        endpoints.MapGet("/v2/queues/{name}", GetAsync);
        endpoints.MapDelete("/v2/queues/{name}", Delete);
        endpoints.MapPost("/v2/queues/{name}/pause", context => SetPaused(context, paused: true));
        endpoints.MapPost("/v2/queues/{name}/resume", context => SetPaused(context, paused: false));
    }

    async Task UpsertAsync(HttpContext context)
    {
        using var document = JsonBody.Parse(await context.ReadBodyAsync(MaxBody, "invalid body: it is too large"));
        var body = JsonBody.Object(document.RootElement, "body");
        var name = ResourceName.Require(JsonBody.OptionalText(body, "queueName"), "queueName");
        var parallelism = JsonBody.OptionalInteger(body, "parallelism") ?? 1;
        if (parallelism < 1)
            throw ApiException.BadRequest("invalid parallelism: it must be at least 1");

        var paused = JsonBody.OptionalFlag(body, "paused");
        var account = context.Account();
        lock (account.Gate)
        {
            var now = dispatcher.Scheduler.Now;
            dispatcher.Quotas.CheckQueueParallelism(parallelism);
            if (!account.Queues.TryGetValue(name, out var queue))
            {
                dispatcher.Quotas.CheckNewQueue(account);
                account.Queues.Add(name, queue = new FifoQueue(name, now));
            }

            queue.Parallelism = parallelism;
            queue.Paused = paused ?? queue.Paused;
            queue.UpdatedAt = now;
            account.Journal?.Save(queue);
            dispatcher.Publisher.Advance(queue);
        }
    }

    static Task ListAsync(HttpContext context) => context.AnswerFromAsync(
        static account => account.Queues.Values.Select(QueueAnswer.Of).ToList(), EmulatorJson.Default.ListQueueAnswer);

    static Task GetAsync(HttpContext context) => context.AnswerFromAsync(
        account => QueueAnswer.Of(Find(account, context)), EmulatorJson.Default.QueueAnswer);

    /// <summary>Cancels the messages that wait in the queue. Messages whose delivery has begun continue.</summary>
    Task Delete(HttpContext context)
    {
        var account = context.Account();
        lock (account.Gate)
        {
            if (account.Queues.Remove(context.RouteText("name"), out var queue))
            {
                account.Journal?.Remove(queue);
                foreach (var message in queue.Waiting)
                    canceller.Cancel(message);

                // End a pause, because a deleted queue cannot be resumed.
                queue.Paused = false;
                dispatcher.Publisher.Advance(queue);
            }
        }

        return Task.CompletedTask;
    }

    Task SetPaused(HttpContext context, bool paused)
    {
        var account = context.Account();
        var name = ResourceName.Require(context.RouteText("name"), "queue name");
        lock (account.Gate)
        {
            // The API description has no error for an unknown queue, so a pause creates the queue: docs/qstash-contract.md#g89
            if (!account.Queues.TryGetValue(name, out var queue))
            {
                if (!paused)
                    return Task.CompletedTask;

                dispatcher.Quotas.CheckNewQueue(account);
                account.Queues.Add(name, queue = new FifoQueue(name, dispatcher.Scheduler.Now));
            }

            queue.Paused = paused;
            queue.UpdatedAt = dispatcher.Scheduler.Now;
            account.Journal?.Save(queue);
            dispatcher.Publisher.Advance(queue);
        }

        return Task.CompletedTask;
    }

    static FifoQueue Find(Account account, HttpContext context)
    {
        var name = context.RouteText("name");
        return account.Queues.GetValueOrDefault(name) ?? throw ApiException.NotFound($"queue {name} not found");
    }
}

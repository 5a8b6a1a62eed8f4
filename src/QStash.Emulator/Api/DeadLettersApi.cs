using QStash.Emulator.Delivery;
using QStash.Emulator.Errors;
using QStash.Emulator.Http;
using QStash.Emulator.Messages;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Api;

// docs/qstash-contract.md#dead-letters
/// <summary>Dead letters.</summary>
sealed class DeadLettersApi(Publisher publisher, Quotas quotas)
{
    static readonly string[] Parameters = [.. MessageFilter.Names, "dlqIds", "messageId", "responseStatus", "cursor", "count", "order"];

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/v2/dlq", ListAsync);
        endpoints.MapGet("/v2/dlq/{id}", GetAsync);
        endpoints.MapDelete("/v2/dlq/{id}", Delete);
        endpoints.MapDelete("/v2/dlq", DeleteManyAsync);
        endpoints.MapPost("/v2/dlq/retry/{id}", RetryAsync);
        endpoints.MapPost("/v2/dlq/retry", RetryManyAsync);

        // Older names of these calls.
        endpoints.MapGet("/v2/dlq/messages/{id}", GetAsync);
        endpoints.MapDelete("/v2/dlq/messages/{id}", Delete);
        endpoints.MapPost("/v2/dlq/messages/{id}/republish", RetryAsync);
    }

    async Task ListAsync(HttpContext context)
    {
        var account = context.Account();
        var parameters = (await FilterParameters.ReadAsync(context)).Only(Parameters);
        DeadLetterPage answer;
        lock (account.Gate)
        {
            var page = Select(account, parameters);
            answer = new DeadLetterPage(page.Items.ConvertAll(DeadLetterAnswer.Of), page.Cursor);
        }

        await context.AnswerAsync(answer, EmulatorJson.Default.DeadLetterPage);
    }

    Task GetAsync(HttpContext context) => context.AnswerFromAsync(
        account => DeadLetterAnswer.Of(Find(account, context.RouteText("id"))), EmulatorJson.Default.DeadLetterAnswer);

    Task Delete(HttpContext context)
    {
        var account = context.Account();
        lock (account.Gate)
            account.DeadLetters.Remove(Find(account, context.RouteText("id")));

        return Task.CompletedTask;
    }

    async Task DeleteManyAsync(HttpContext context)
    {
        var account = context.Account();
        var parameters = await ReadAsync(context);
        Page<DeadLetter> page;
        lock (account.Gate)
        {
            page = Select(account, parameters);
            page.Items.ForEach(account.DeadLetters.Remove);
        }

        await context.AnswerAsync(new DeletedAnswer(page.Items.Count, page.Cursor), EmulatorJson.Default.DeletedAnswer);
    }

    async Task RetryAsync(HttpContext context)
    {
        var account = context.Account();
        var overrides = Overrides(context);
        PublishAnswer answer;
        lock (account.Gate)
            answer = Retry(account, Find(account, context.RouteText("id")), overrides);

        await context.AnswerAsync(answer, EmulatorJson.Default.PublishAnswer, StatusCodes.Status201Created);
    }

    async Task RetryManyAsync(HttpContext context)
    {
        var account = context.Account();
        var parameters = await ReadAsync(context);
        var overrides = Overrides(context);
        RetriedAnswer answer;
        lock (account.Gate)
        {
            // A filter may match nothing, but an id has to exist: docs/qstash-contract.md#g112
            foreach (var id in parameters.Ids("dlqIds"))
                Find(account, id);

            var page = Select(account, parameters);
            answer = new RetriedAnswer(page.Items.ConvertAll(letter => Retry(account, letter, overrides)), page.Cursor ?? "");
        }

        await context.AnswerAsync(answer, EmulatorJson.Default.RetriedAnswer, StatusCodes.Status201Created);
    }

    PublishAnswer Retry(Account account, DeadLetter letter, HeaderBag overrides)
    {
        var original = letter.Message.Spec with
        {
            Delay = 0,
            NotBefore = null,
            DeduplicationId = null,
            ContentBasedDeduplication = false,
        };
        var spec = MessageSpecParser.Apply(original, overrides);
        var receipt = publisher.Publish(account, spec, [letter.Message.Target], letter.Message.Queue?.Name)[0];
        account.DeadLetters.Remove(letter);
        return PublishAnswer.Of(receipt, withUrl: false);
    }

    /// <summary>The headers of the call that replace those of the message. Its content type is not one: it describes the call.</summary>
    static HeaderBag Overrides(HttpContext context)
    {
        var headers = new HeaderBag();
        foreach (var (name, values) in context.Request.Headers)
        {
            if (name.StartsWith("Upstash-", StringComparison.OrdinalIgnoreCase))
                headers[name] = values.ToArray()!;
        }

        return headers;
    }

    static async Task<FilterParameters> ReadAsync(HttpContext context) =>
        (await FilterParameters.ReadAsync(context)).Allow(Parameters).NoneEmpty([.. MessageFilter.Names, "messageId", "responseStatus"]);

    Page<DeadLetter> Select(Account account, FilterParameters parameters)
    {
        quotas.DropExpired(account);
        var filter = new MessageFilter(parameters);
        var ids = parameters.Set("dlqIds");
        var messageIds = parameters.Set("messageId");
        var statuses = parameters.Numbers("responseStatus");
        return Page<DeadLetter>.Of(account.DeadLetters.Letters, Matches, parameters, static letter => (letter.FailedAt, letter.Sequence));

        // Ids override every other filter.
        bool Matches(DeadLetter letter) => ids is not null
            ? ids.Contains(letter.Id)
            : (messageIds is null || messageIds.Contains(letter.Message.Id))
                && (statuses is null || statuses.Contains(letter.Result.Status))
                && filter.Matches(letter.Message, letter.FailedAt);
    }

    DeadLetter Find(Account account, string id)
    {
        quotas.DropExpired(account);
        return account.DeadLetters.Find(id) ?? throw ApiException.NotFound($"dlq message {id} not found");
    }
}

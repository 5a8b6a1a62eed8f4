using System.Text.Json;
using QStash.Emulator.Delivery;
using QStash.Emulator.Errors;
using QStash.Emulator.Grammar;
using QStash.Emulator.Http;
using QStash.Emulator.Messages;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Api;

// docs/qstash-contract.md#batch
/// <summary>Several publishes in one call.</summary>
sealed class BatchApi(Publisher publisher, Quotas quotas)
{
    /// <summary>100 MB per call, whatever the plan.</summary>
    const int MaxBody = 100 * 1024 * 1024;

    /// <summary>How many items are accepted in one go. Other calls and deliveries of the account wait meanwhile.</summary>
    const int MostTogether = 128;

    /// <summary>If a batch has more bad items than this, it is refused and nothing of it is published.</summary>
    const int MaxMistakes = 1000;

    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapPost("/v2/batch", PublishAsync);

    async Task PublishAsync(HttpContext context)
    {
        using var body = await context.ReadBodyAsync(MaxBody, "invalid body: a batch is limited to 100 MB", PooledBytes.Copy);
        using var document = JsonBody.Parse(body.Bytes);
        if (document.RootElement.ValueKind != JsonValueKind.Array)
            throw ApiException.BadRequest("invalid body: it must be a JSON array");

        var (account, callerIp) = (context.Account(), context.CallerIp());
        lock (account.Gate)
            quotas.CheckMessagesToday(account, more: 1);

        var items = ReadAll(account, callerIp, document.RootElement);
        await context.AnswerAsync(PublishAll(account, items), PlainJson.Default.ListObject);
    }

    /// <summary>Publishes items in groups that are stored in one transaction each, so that the call waits for one.</summary>
    List<object> PublishAll(Account account, List<BatchItem> items)
    {
        List<object> answers = new(items.Count);
        foreach (var some in items.Chunk(MostTogether))
        {
            lock (account.Gate)
            {
                using var together = account.StoreTogether();
                foreach (var item in some)
                    answers.Add(Publish(account, item));
            }
        }

        return answers;
    }

    /// <summary>Checks all items before it publishes any.</summary>
    static List<BatchItem> ReadAll(Account account, string callerIp, JsonElement batch)
    {
        List<BatchItem> items = [];
        var mistakes = 0;
        foreach (var element in batch.EnumerateArray())
        {
            var item = Read(account, callerIp, element);
            items.Add(item);
            if (item.Error is { } error && ++mistakes > MaxMistakes)
                throw ApiException.BadRequest(
                    $"invalid body: more than {MaxMistakes} items of the batch cannot be used, item {items.Count - 1} for one: {error}");
        }

        return items;
    }

    static BatchItem Read(Account account, string callerIp, JsonElement item)
    {
        try
        {
            JsonBody.Object(item, "item");
            var headers = Headers(item);
            var (targets, groupDefaults) = DestinationResolver.Resolve(account, JsonBody.OptionalText(item, "destination") ?? "");
            if (groupDefaults is not null)
                headers.AddMissing(groupDefaults);

            var start = MessageSpec.Default with
            {
                CallerIp = callerIp,
                Body = JsonBody.OptionalBytes(item, "body"),
            };
            return new BatchItem
            {
                Spec = MessageSpecParser.Apply(start, headers, account.Token),
                Targets = targets,
                IsGroup = groupDefaults is not null,
                Queue = Queue(item),
            };
        }
        catch (ApiException exception)
        {
            return new BatchItem { Error = exception.Message };
        }
    }

    /// <summary>One answer, a list of them for a URL group, or an error. A bad item does not stop the others.</summary>
    object Publish(Account account, BatchItem item)
    {
        if (item.Error is { } error)
            return new ErrorAnswer(error);

        try
        {
            var receipts = publisher.Publish(account, item.Spec, item.Targets, item.Queue);
            return item.IsGroup
                ? receipts.ConvertAll(receipt => PublishAnswer.Of(receipt, withUrl: true))
                : PublishAnswer.Of(receipts[0], withUrl: false);
        }
        catch (ApiException exception)
        {
            return new ErrorAnswer(exception.Message);
        }
    }

    static HeaderBag Headers(JsonElement item)
    {
        var headers = new HeaderBag();
        if (JsonBody.Member(item, "headers") is { } given)
        {
            foreach (var header in JsonBody.Object(given, "headers").EnumerateObject())
                headers.AddUnchecked(header.Name, JsonBody.Texts(header.Value, header.Name));
        }

        return headers;
    }

    static string? Queue(JsonElement item) =>
        JsonBody.OptionalText(item, "queue") is { Length: > 0 } name ? ResourceName.Require(name, "queue") : null;
}

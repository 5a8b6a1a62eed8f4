using System.Text;
using System.Text.Json;
using QStash.Emulator.Accounts;
using QStash.Emulator.Delivery;
using QStash.Emulator.Grammar;
using QStash.Emulator.Http;
using QStash.Emulator.Messages;

namespace QStash.Emulator.Api;

/// <summary>P3: several publishes in one call (contract 2.3).</summary>
sealed class BatchApi(Publisher publisher, Quotas quotas)
{
    /// <summary>100 MB per call, whatever the plan (contract 8).</summary>
    const int MaxBody = 100 * 1024 * 1024;

    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapPost("/v2/batch", PublishAsync);

    async Task PublishAsync(HttpContext context)
    {
        using var document = JsonBody.Parse(await context.ReadBodyAsync(MaxBody, "invalid body: a batch is limited to 100 MB"));
        if (document.RootElement.ValueKind != JsonValueKind.Array)
            throw ApiException.BadRequest("invalid body: it must be a JSON array");

        var (account, callerIp) = (context.Account(), context.CallerIp());
        lock (account.Gate)
            quotas.CheckMessagesToday(account, more: 1);

        var answers = document.RootElement.EnumerateArray().Select(item => Publish(account, callerIp, item)).ToList();
        await context.AnswerAsync(answers, PlainJson.Default.ListJsonElement);
    }

    /// <summary>One answer, a list of them for a URL group, or what is wrong; one bad item does not spoil the others.</summary>
    JsonElement Publish(Account account, string callerIp, JsonElement item)
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
                Body = Encoding.UTF8.GetBytes(JsonBody.OptionalText(item, "body") ?? ""),
            };
            var spec = MessageSpecParser.Apply(start, headers, account.Token);
            var receipts = publisher.Publish(account, spec, targets, Queue(item));
            return groupDefaults is null
                ? JsonSerializer.SerializeToElement(PublishAnswer.Of(receipts[0], withUrl: false), EmulatorJson.Default.PublishAnswer)
                : JsonSerializer.SerializeToElement(
                    receipts.ConvertAll(receipt => PublishAnswer.Of(receipt, withUrl: true)), EmulatorJson.Default.ListPublishAnswer);
        }
        catch (ApiException exception)
        {
            return JsonSerializer.SerializeToElement(new ErrorAnswer(exception.Message), EmulatorJson.Default.ErrorAnswer);
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

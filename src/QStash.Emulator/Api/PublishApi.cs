using QStash.Emulator.Delivery;
using QStash.Emulator.Grammar;
using QStash.Emulator.Http;
using QStash.Emulator.Messages;

namespace QStash.Emulator.Api;

/// <summary>P1 and P2: publish and enqueue (contract 2.1, 2.2).</summary>
sealed class PublishApi(Publisher publisher, QStashEmulatorOptions options)
{
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost(RawTargetRouting.Publish, PublishAsync);
        endpoints.MapPost(RawTargetRouting.Enqueue, EnqueueAsync);
    }

    Task PublishAsync(HttpContext context) => AcceptAsync(context, AfterSlash(context, RawTargetRouting.Publish), queueName: null);

    Task EnqueueAsync(HttpContext context)
    {
        var rest = AfterSlash(context, RawTargetRouting.Enqueue);
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var (queue, destination) = slash < 0 ? (rest, "") : (rest[..slash], rest[(slash + 1)..]);
        return AcceptAsync(context, destination, ResourceName.Require(Uri.UnescapeDataString(queue), "queue name"));
    }

    async Task AcceptAsync(HttpContext context, string destination, string? queueName)
    {
        var account = context.Account();
        var target = context.RawTarget();
        var headers = new HeaderBag();
        foreach (var (name, values) in context.Request.Headers)
            headers[name] = values.ToArray()!;

        foreach (var (name, value) in target.Configuration)
        {
            // A header wins over a query parameter (contract 3.7).
            if (!headers.ContainsKey(name))
                headers.AddUnchecked(name, [value]);
        }

        var (targets, groupDefaults) = DestinationResolver.Resolve(account, destination, target.DestinationQuery);
        if (groupDefaults is not null)
            headers.AddMissing(groupDefaults);

        var start = MessageSpec.Default with { CallerIp = context.CallerIp() };
        var spec = MessageSpecParser.Apply(start, headers, account.Token);
        var body = await context.ReadBodyAsync(
            options.MaxMessageSize, $"quota maxMessageSize exceeded, current limit: {options.MaxMessageSize}");
        var receipts = publisher.Publish(account, spec with { Body = body }, targets, queueName);

        if (groupDefaults is not null)
        {
            var answers = receipts.ConvertAll(receipt => PublishAnswer.Of(receipt, withUrl: true));
            await context.AnswerAsync(answers, EmulatorJson.Default.ListPublishAnswer);
        }
        else
        {
            // A duplicate is accepted with 202 (contract 3.10).
            await context.AnswerAsync(
                PublishAnswer.Of(receipts[0], withUrl: false),
                EmulatorJson.Default.PublishAnswer,
                receipts[0].Deduplicated ? StatusCodes.Status202Accepted : StatusCodes.Status200OK);
        }
    }

    static string AfterSlash(HttpContext context, string prefix)
    {
        var rest = context.RawTarget().PathAfter(prefix)!;
        return rest.Length == 0 ? rest : rest[1..];
    }
}

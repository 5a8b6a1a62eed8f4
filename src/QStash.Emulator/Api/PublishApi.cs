using QStash.Emulator.Delivery;
using QStash.Emulator.Grammar;
using QStash.Emulator.Http;

namespace QStash.Emulator.Api;

// docs/qstash-contract.md#publish
/// <summary>Publish and enqueue.</summary>
sealed class PublishApi(Publisher publisher, SchedulesApi schedules, Quotas quotas)
{
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost(RawTargetRouting.Publish, PublishAsync);
        endpoints.MapPost(RawTargetRouting.Enqueue, EnqueueAsync);
    }

    Task PublishAsync(HttpContext context) =>
        AcceptAsync(context, context.RawTarget().DestinationAfter(RawTargetRouting.Publish), queueName: null);

    Task EnqueueAsync(HttpContext context)
    {
        var rest = context.RawTarget().DestinationAfter(RawTargetRouting.Enqueue);
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var (queue, destination) = slash < 0 ? (rest, "") : (rest[..slash], rest[(slash + 1)..]);
        return AcceptAsync(context, destination, ResourceName.Require(Uri.UnescapeDataString(queue), "queue name"));
    }

    async Task AcceptAsync(HttpContext context, string destination, string? queueName)
    {
        var request = await PublishRequest.ReadAsync(context, destination, quotas);
        if (request.Cron is not null)
        {
            // Schedules were once created like this: docs/qstash-contract.md#g102
            await schedules.CreateAsync(context, request with { QueueName = queueName ?? request.QueueName });
            return;
        }

        var receipts = publisher.Publish(context.Account(), request.Spec, request.Targets, queueName);
        if (request.IsGroup)
        {
            var answers = receipts.ConvertAll(receipt => PublishAnswer.Of(receipt, withUrl: true));
            await context.AnswerAsync(answers, EmulatorJson.Default.ListPublishAnswer);
        }
        else
        {
            // A duplicate is answered with 202.
            await context.AnswerAsync(
                PublishAnswer.Of(receipts[0], withUrl: false),
                EmulatorJson.Default.PublishAnswer,
                receipts[0].Deduplicated ? StatusCodes.Status202Accepted : StatusCodes.Status200OK);
        }
    }
}

using QStash.Emulator.Delivery;
using QStash.Emulator.Errors;
using QStash.Emulator.Http;
using QStash.Emulator.Messages;

namespace QStash.Emulator.Api;

/// <summary>The request of a publish, an enqueue or a new schedule. The three calls have the same form.</summary>
sealed record PublishRequest
{
    /// <summary>The destination as it was given: a URL with its query, or a URL group.</summary>
    public required string Destination { get; init; }

    public required IReadOnlyList<MessageTarget> Targets { get; init; }

    public required bool IsGroup { get; init; }

    public required MessageSpec Spec { get; init; }

    /// <summary>The cron expression of a new schedule; null for a publish.</summary>
    public required string? Cron { get; init; }

    public required string? ScheduleId { get; init; }

    /// <summary>The queue a schedule is to publish to, unchecked like <see cref="ScheduleId"/>.</summary>
    public required string? QueueName { get; init; }

    /// <exception cref="ApiException">400 or 404 naming what cannot be used.</exception>
    public static async Task<PublishRequest> ReadAsync(HttpContext context, string destination, Quotas quotas)
    {
        var account = context.Account();
        var target = context.RawTarget();
        var headers = Headers(context, target);
        var (targets, groupDefaults) = DestinationResolver.Resolve(account, destination, target.DestinationQuery);
        if (groupDefaults is not null)
            headers.AddMissing(groupDefaults);

        var cron = Take(headers, "Upstash-Cron");
        var scheduleId = Take(headers, "Upstash-Schedule-Id");
        var queueName = Take(headers, "Upstash-Queue-Name");
        var start = MessageSpec.Default with { CallerIp = context.CallerIp() };
        var spec = MessageSpecParser.Apply(start, headers, account.Token);
        var body = await context.ReadBodyAsync(quotas.Plan.MaxMessageSize, quotas.TooLarge().Message);
        return new PublishRequest
        {
            Destination = groupDefaults is null ? targets[0].Url : destination,
            Targets = targets,
            IsGroup = groupDefaults is not null,
            Spec = spec with { Body = body },
            Cron = cron,
            ScheduleId = scheduleId,
            QueueName = queueName,
        };
    }

    static HeaderBag Headers(HttpContext context, RawTarget target)
    {
        var headers = new HeaderBag();
        foreach (var (name, values) in context.Request.Headers)
            headers[name] = values.ToArray()!;

        foreach (var (name, value) in target.Configuration)
        {
            // A header wins over a query parameter: docs/qstash-contract.md#g12
            if (!headers.ContainsKey(name))
                headers.AddUnchecked(name, [value]);
        }

        return headers;
    }

    static string? Take(HeaderBag headers, string name) => headers.Remove(name, out var values) ? values[0] : null;
}

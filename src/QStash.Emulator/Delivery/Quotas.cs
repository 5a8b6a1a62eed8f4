using QStash.Emulator.Errors;
using QStash.Emulator.Messages;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Delivery;

// docs/qstash-contract.md#plans
/// <summary>Refuses what exceeds the plan. Methods that take an account need its gate.</summary>
sealed class Quotas(QuotaPlan plan, TimeProvider time)
{
    const long SecondsPerDay = 86_400;

    public QuotaPlan Plan { get; } = plan;

    long Second => time.GetUtcNow().ToUnixTimeSeconds();

    long Today => Second / SecondsPerDay;

    /// <summary>The limits of a single message.</summary>
    /// <exception cref="ApiException">400 naming the limit.</exception>
    public void CheckMessage(MessageSpec spec)
    {
        if (spec.Body.Length > Plan.MaxMessageSize)
            throw TooLarge();

        var delay = spec.NotBefore is { } notBefore ? notBefore - time.GetUtcNow().ToUnixTimeMilliseconds() : spec.Delay;
        if (delay > Plan.MaxDelay?.TotalMilliseconds)
            throw Exceeded(StatusCodes.Status400BadRequest, "maxDelay", (long)Plan.MaxDelay.Value.TotalSeconds);

        var ofCallbacks = Math.Max(spec.Callback?.Message.Retries ?? 0, spec.FailureCallback?.Message.Retries ?? 0);

        if (Math.Max(spec.Retries, ofCallbacks) > Plan.MaxRetries)
            throw Exceeded(StatusCodes.Status400BadRequest, "maxRetries", Plan.MaxRetries.Value);
    }

    /// <exception cref="ApiException">429: these messages would exceed the quota of the day.</exception>
    public void CheckMessagesToday(Account account, int more)
    {
        if (Plan.MessagesPerDay is not { } limit || account.MessagesToday.Count(Today) + more <= limit)
            return;

        throw Limited(
            "RateLimit",
            $"quota messagesPerDay exceeded, current limit: {limit}",
            limit,
            limit - account.MessagesToday.Count(Today),
            (Today + 1) * SecondsPerDay);
    }

    public void CountMessage(Account account)
    {
        var today = Today;
        account.MessagesToday.Increment(today);
        if (Plan.MessagesPerDay is not null)
            account.Journal?.SaveMessagesOfDay(today, account.MessagesToday.Count(today));
    }

    /// <exception cref="ApiException">429: too many calls that do not publish in this second.</exception>
    public void CountRequest(Account account)
    {
        if (Plan.RequestsPerSecond is not { } limit)
            return;

        if (account.RequestsThisSecond.Count(Second) >= limit)
            throw Limited("Burst-RateLimit", $"quota requestsPerSecond exceeded, current limit: {limit}", limit, remaining: 0, Second + 1);

        account.RequestsThisSecond.Increment(Second);
    }

    public void CheckNewSchedule(Account account) => CheckCount("maxSchedules", account.Schedules.Count + 1, Plan.MaxSchedules);

    public void CheckNewQueue(Account account) => CheckCount("maxQueues", account.Queues.Count + 1, Plan.MaxQueues);

    public void CheckQueueParallelism(int parallelism) => CheckCount("maxQueueParallelism", parallelism, Plan.MaxQueueParallelism);

    public void CheckNewUrlGroup(Account account) => CheckCount("maxUrlGroups", account.UrlGroups.Count + 1, Plan.MaxUrlGroups);

    public void CheckEndpoints(int count) => CheckCount("maxEndpoints", count, Plan.MaxEndpoints);

    /// <summary>Forgets dead letters and log entries that are older than the plan keeps them.</summary>
    public void DropExpired(Account account)
    {
        var now = time.GetUtcNow();
        if (Plan.LogRetention is { } log)
            account.Log.DropBefore((now - log).ToUnixTimeMilliseconds());

        if (Plan.DeadLetterRetention is { } letters)
            account.DeadLetters.DropBefore((now - letters).ToUnixTimeMilliseconds());
    }

    public ApiException TooLarge() => Exceeded(StatusCodes.Status400BadRequest, "maxMessageSize", Plan.MaxMessageSize);

    static void CheckCount(string quota, int count, int? limit)
    {
        if (count > limit)
            throw Exceeded(StatusCodes.Status412PreconditionFailed, quota, limit.Value);
    }

    static ApiException Exceeded(int status, string quota, long limit) => new(status, $"quota {quota} exceeded, current limit: {limit}");

    /// <summary>The headers of a 429. Clients tell the kinds apart by their names.</summary>
    static ApiException Limited(string kind, string message, int limit, int remaining, long reset) => new(
        StatusCodes.Status429TooManyRequests, message)
    {
        Headers = [($"{kind}-Limit", limit), ($"{kind}-Remaining", remaining), ($"{kind}-Reset", reset)],
    };
}

namespace QStash.Emulator;

/// <summary>
/// The limits of an account, as in QStash's plans. <see cref="None"/> has almost no limits; make your own plan with <c>QuotaPlan.None with
/// { MaxRetries = 3 }</c>.
/// </summary>
/// <remarks>
/// The numbers come from QStash's documentation. If that only links to the pricing page, they come from a copy of that page and may be out
/// of date. <see langword="null"/> means no limit.
/// </remarks>
public sealed record QuotaPlan
{
    /// <summary>
    /// The default: 10 MiB for a message, a year of delay, two hours for an attempt, 100 attempts at a time, and no other limit.
    /// </summary>
    public static QuotaPlan None { get; } = new();

    /// <summary>The free plan.</summary>
    public static QuotaPlan Free { get; } = new()
    {
        MaxMessageSize = 1024 * 1024,
        MaxDelay = TimeSpan.FromDays(7),
        MaxHttpDuration = TimeSpan.FromMinutes(15),
        MaxRetries = 3,
        MaxParallelism = 10,
        MaxSchedules = 10,
        MaxQueues = 10,
        MaxQueueParallelism = 2,
        MaxUrlGroups = 1,
        MaxEndpoints = 100,
        MessagesPerDay = 1_000,
        RequestsPerSecond = 100,
        DeadLetterRetention = TimeSpan.FromDays(3),
        LogRetention = TimeSpan.FromDays(3),
    };

    /// <summary>The pay-as-you-go plan.</summary>
    public static QuotaPlan PayAsYouGo { get; } = new()
    {
        MaxRetries = 5,
        MaxSchedules = 1_000,
        MaxQueues = 100,
        MaxUrlGroups = 100,
        MaxEndpoints = 100,
        RequestsPerSecond = 100,
        DeadLetterRetention = TimeSpan.FromDays(7),
        LogRetention = TimeSpan.FromDays(14),
    };

    /// <summary>The fixed plan of a million messages a day.</summary>
    public static QuotaPlan Pro { get; } = new()
    {
        MaxMessageSize = 50 * 1024 * 1024,
        MaxDelay = null,
        MaxRetries = 20,
        MaxParallelism = 200,
        MessagesPerDay = 1_000_000,
        RequestsPerSecond = 100,
        DeadLetterRetention = TimeSpan.FromDays(30),
        LogRetention = TimeSpan.FromDays(14),
    };

    /// <summary>The largest message body in bytes; larger ones are refused with 400. 10 MiB by default.</summary>
    public int MaxMessageSize { get; init; } = 10 * 1024 * 1024;

    /// <summary>The longest delay of a delivery; longer ones are refused with 400. One year by default.</summary>
    public TimeSpan? MaxDelay { get; init; } = TimeSpan.FromDays(365);

    /// <summary>The longest an attempt may take, whatever <c>Upstash-Timeout</c> says. Two hours by default.</summary>
    public TimeSpan MaxHttpDuration { get; init; } = TimeSpan.FromHours(2);

    /// <summary>The most retries a message, or its callbacks, may have; more are refused with 400.</summary>
    public int? MaxRetries { get; init; }

    /// <summary>
    /// How many attempts may be open at a time, with all flow control keys and without one; further messages wait. 100 by default.
    /// </summary>
    public int MaxParallelism { get; init; } = 100;

    /// <summary>How many schedules there may be; another one is refused with 412.</summary>
    public int? MaxSchedules { get; init; }

    /// <summary>How many queues there may be; another one is refused with 412.</summary>
    public int? MaxQueues { get; init; }

    /// <summary>The highest parallelism a queue may have; more is refused with 412.</summary>
    public int? MaxQueueParallelism { get; init; }

    /// <summary>How many URL groups there may be; another one is refused with 412.</summary>
    public int? MaxUrlGroups { get; init; }

    /// <summary>How many endpoints a URL group may have; more are refused with 412.</summary>
    public int? MaxEndpoints { get; init; }

    /// <summary>
    /// How many messages may be accepted from one 00:00 UTC to the next, callbacks and the messages of schedules included.
    /// Publishing more is refused with 429 and <c>RateLimit-*</c> headers.
    /// </summary>
    public int? MessagesPerDay { get; init; }

    /// <summary>
    /// How many calls that do not publish may be made in a second. More are refused with 429 and <c>Burst-RateLimit-*</c>
    /// headers.
    /// </summary>
    public int? RequestsPerSecond { get; init; }

    /// <summary>The time after which a dead letter is dropped.</summary>
    public TimeSpan? DeadLetterRetention { get; init; }

    /// <summary>The time after which a log entry is dropped. On any plan only the newest 100,000 entries are kept.</summary>
    public TimeSpan? LogRetention { get; init; }

    /// <exception cref="ArgumentException">Names the limit that cannot be used.</exception>
    internal void Validate()
    {
        if (MaxMessageSize < 1)
            throw new ArgumentException($"{nameof(MaxMessageSize)} must be at least 1 byte.");

        if (MaxHttpDuration <= TimeSpan.Zero)
            throw new ArgumentException($"{nameof(MaxHttpDuration)} must be longer than zero.");

        if (MaxParallelism < 1)
            throw new ArgumentException($"{nameof(MaxParallelism)} must be at least 1.");

        NotNegative(MaxDelay?.Ticks, nameof(MaxDelay));
        NotNegative(MaxRetries, nameof(MaxRetries));
        NotNegative(MaxSchedules, nameof(MaxSchedules));
        NotNegative(MaxQueues, nameof(MaxQueues));
        NotNegative(MaxQueueParallelism, nameof(MaxQueueParallelism));
        NotNegative(MaxUrlGroups, nameof(MaxUrlGroups));
        NotNegative(MaxEndpoints, nameof(MaxEndpoints));
        NotNegative(MessagesPerDay, nameof(MessagesPerDay));
        NotNegative(RequestsPerSecond, nameof(RequestsPerSecond));
        NotNegative(DeadLetterRetention?.Ticks, nameof(DeadLetterRetention));
        NotNegative(LogRetention?.Ticks, nameof(LogRetention));
    }

    static void NotNegative(long? value, string name)
    {
        if (value < 0)
            throw new ArgumentException($"{name} must not be negative.");
    }
}

namespace MassTransit;

/// <summary>
/// Chooses dead letters; what is set must all match.
/// </summary>
public sealed record QStashDeadLetterQuery
{
    /// <summary>
    /// The receive endpoint that failed: one of this service, or of another along a configured route or as the URL groups tell.
    /// </summary>
    public string? EndpointName { get; init; }

    /// <summary>The type of the message, or a base type or interface of it.</summary>
    public Type? MessageType { get; init; }

    /// <summary>Why the endpoint gave it up: <c>fault</c>, <c>skipped</c> or <c>expired</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>The earliest time, inclusive, in milliseconds.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The latest time, inclusive, in milliseconds.</summary>
    public DateTimeOffset? To { get; init; }
}

namespace MassTransit;

/// <summary>
/// Chooses dead letters. All properties that are set must match.
/// </summary>
public sealed record QStashDeadLetterQuery
{
    /// <summary>
    /// The name of the receive endpoint that failed: one of this service, or one of another service that a configured route or the URL
    /// groups name.
    /// </summary>
    public string? EndpointName { get; init; }

    /// <summary>The type of the message, or a base type or interface of it.</summary>
    public Type? MessageType { get; init; }

    /// <summary>Why the endpoint gave the message up: <c>fault</c>, <c>skipped</c> or <c>expired</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>The earliest time, inclusive, in milliseconds.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The latest time, inclusive, in milliseconds.</summary>
    public DateTimeOffset? To { get; init; }
}

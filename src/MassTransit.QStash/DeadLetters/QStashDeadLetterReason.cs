namespace MassTransit;

/// <summary>
/// Why a receive endpoint sent a message to the dead letter queue: the body of its answer, which QStash keeps with the message.
/// </summary>
/// <param name="Reason">
/// <c>fault</c>: a consumer failed for good or the body cannot be read; <c>skipped</c>: the endpoint has no consumer for the message;
/// <c>expired</c>: the time to live of the message was over.
/// </param>
public sealed record QStashDeadLetterReason(string Reason)
{
    /// <summary>The type of the exception of a fault.</summary>
    public string? ExceptionType { get; init; }

    /// <summary>The message of that exception, cut after 1,000 characters.</summary>
    public string? Message { get; init; }

    /// <summary>The message type that the consumer consumes.</summary>
    public string? MessageType { get; init; }

    /// <summary>The consumer that failed.</summary>
    public string? ConsumerType { get; init; }
}

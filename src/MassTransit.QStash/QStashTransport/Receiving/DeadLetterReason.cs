namespace MassTransit.QStashTransport.Receiving;

/// <summary>
/// The body of an answer that sends a message to the dead letter queue. QStash keeps it with the message.
/// </summary>
sealed record DeadLetterReason(string Reason)
{
    public string? ExceptionType { get; init; }
    public string? Message { get; init; }
    public string? MessageType { get; init; }
    public string? ConsumerType { get; init; }
}

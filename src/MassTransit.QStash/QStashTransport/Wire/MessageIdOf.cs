using System.Globalization;

namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// The MessageId of messages that come without one. It is the same at each attempt to deliver a message, so that an inbox recognises it.
/// </summary>
static class MessageIdOf
{
    /// <summary>A message from another program, or one that a schedule made.</summary>
    public static Guid Message(string qstashMessageId) => TextHash.MessageId(qstashMessageId);

    /// <summary>A report about a message: one about each attempt, and one about a failure.</summary>
    public static Guid Report(string qstashMessageId, int retried, string? dlqId) => Callback("report", qstashMessageId, retried, dlqId);

    /// <summary>The fault that a report raises.</summary>
    public static Guid Fault(string qstashMessageId, int retried, string? dlqId) => Callback("fault", qstashMessageId, retried, dlqId);

    // The id is made only of signed data.
    static Guid Callback(string kind, string qstashMessageId, int retried, string? dlqId) =>
        TextHash.MessageId(string.Create(CultureInfo.InvariantCulture, $"{kind}:{qstashMessageId}:{retried}:{dlqId}"));
}

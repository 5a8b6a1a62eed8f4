using System.Globalization;

namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// The MessageId of what comes without one. It is the same at each attempt to deliver it, so that an inbox knows it again.
/// </summary>
static class MessageIdOf
{
    /// <summary>A message from elsewhere, or one that a schedule made.</summary>
    public static Guid Message(string qstashMessageId) => TextHash.MessageId(qstashMessageId);

    /// <summary>A report about a message: one about each attempt, and one about a failure.</summary>
    public static Guid Report(string qstashMessageId, int retried, string? dlqId) => Callback("report", qstashMessageId, retried, dlqId);

    /// <summary>The fault that a report is the reason for.</summary>
    public static Guid Fault(string qstashMessageId, int retried, string? dlqId) => Callback("fault", qstashMessageId, retried, dlqId);

    // Made of what QStash signs.
    static Guid Callback(string kind, string qstashMessageId, int retried, string? dlqId) =>
        TextHash.MessageId(string.Create(CultureInfo.InvariantCulture, $"{kind}:{qstashMessageId}:{retried}:{dlqId}"));
}

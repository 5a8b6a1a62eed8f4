using System.Diagnostics.CodeAnalysis;
using System.Text;
using QStash.Client;

namespace MassTransit;

/// <summary>
/// A dead letter as MassTransit sees it: the message, its ids and headers, and why its endpoint gave it up.
/// </summary>
public sealed class QStashDeadLetterContext
{
    readonly SerializerContext? _message;

    internal QStashDeadLetterContext(QStashDeadLetter letter, SerializerContext? message, Guid? messageId,
        QStashDeadLetterReason? reason) =>
        (Letter, _message, MessageId, Reason) = (letter, message, messageId, reason);

    /// <summary>The entry as QStash has it: URL, headers and body, attempts, times, status and headers of the last answer.</summary>
    public QStashDeadLetter Letter { get; }

    /// <summary>The id of the entry.</summary>
    public string DlqId => Letter.DlqId;

    /// <summary>The MassTransit id of the message; null when the body cannot be read, for example because it is redacted.</summary>
    public Guid? MessageId { get; }

    /// <summary>The CorrelationId of the message; null when it has none or the body cannot be read.</summary>
    public Guid? CorrelationId => _message?.CorrelationId;

    /// <summary>The message types as URNs; empty when the body cannot be read or does not name them.</summary>
    public IReadOnlyList<string> MessageTypes => _message?.SupportedMessageTypes ?? [];

    /// <summary>The headers that the sender set; null when the body cannot be read.</summary>
    public Headers? Headers => _message?.Headers;

    /// <summary>
    /// Why the receive endpoint gave the message up. Null when no endpoint gave a reason: the message did not reach it, it is not on this
    /// transport, or the attempts were used up.
    /// </summary>
    public QStashDeadLetterReason? Reason { get; }

    /// <summary>The status of the last answer; 0 when there was none, because of a timeout or an endpoint that cannot be reached.</summary>
    public int Status => Letter.ResponseStatus;

    /// <summary>The body of the last answer as text (UTF-8).</summary>
    public string GetResponseText() => Encoding.UTF8.GetString(Letter.ResponseBody.Span);

    /// <summary>Reads the message. If its endpoint is in this process, the endpoint's deserializers are used.</summary>
    /// <returns>False when the message is of another type or cannot be read.</returns>
    public bool TryGetMessage<T>([NotNullWhen(true)] out T? message)
        where T : class
    {
        message = null;

        return _message is not null
            && (MessageTypes.Count == 0 || MessageTypes.Contains(MessageUrn.ForTypeString<T>()))
            && _message.TryGetMessage(out message)
            && message is not null;
    }
}

using System.Diagnostics.CodeAnalysis;
using MassTransit.Logging;
using MassTransit.Transports;

namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// The headers that a MassTransit sender set. A lookup by name also finds the ids that QStash gave the message and, for a message from
/// another program, the HTTP headers.
/// </summary>
/// <param name="sent">The headers of a MassTransit sender; null for a message from another program.</param>
/// <param name="http">The HTTP headers of a message from another program.</param>
/// <param name="qstashMessageId">QStash's id of the message; empty when it has none.</param>
/// <param name="traceParent">The trace of the request; null for none.</param>
abstract class DeliveryHeaders(IHeaderProvider? sent, IReadOnlyDictionary<string, string> http, string qstashMessageId,
    string? traceParent = null) : IHeaderProvider
{
    /// <summary>
    /// Whether the headers are proven. If not, headers by which MassTransit decides something are not found.
    /// </summary>
    protected abstract bool IsProven { get; }

    // Only the headers that were sent, because raw serializers copy all of these to outgoing messages.
    public IEnumerable<KeyValuePair<string, object>> GetAll() =>
        sent?.GetAll().Where(header => !TransportHeaders.IsTrusted(header.Key) || IsProven) ?? [];

    public bool TryGetHeader(string key, [NotNullWhen(true)] out object? value)
    {
        // Look the header up first, because checking the proof takes longer.
        value = Find(key);
        if (value is not null && (!TransportHeaders.IsTrusted(key) || IsProven))
            return true;

        value = key switch
        {
            DiagnosticHeaders.ActivityId => traceParent,
            _ when qstashMessageId.Length == 0 => null,
            MessageHeaders.TransportMessageId => qstashMessageId,
            MessageHeaders.MessageId => MessageIdOf.Message(qstashMessageId).ToString(),
            _ => null,
        };

        return value is not null;
    }

    object? Find(string key)
    {
        if (sent is null)
            return http.GetValueOrDefault(key);

        return sent.TryGetHeader(key, out var value) ? value : null;
    }
}

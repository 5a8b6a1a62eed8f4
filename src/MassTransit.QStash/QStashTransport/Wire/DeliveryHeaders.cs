using System.Diagnostics.CodeAnalysis;
using MassTransit.Logging;
using MassTransit.Transports;

namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// The headers a MassTransit sender gave the message. Who asks by name also finds the ids that QStash gave it, and of a message
/// from elsewhere the HTTP headers.
/// </summary>
/// <param name="sent">The headers of a MassTransit sender; null for those of another.</param>
/// <param name="http">The headers of another sender.</param>
/// <param name="qstashMessageId">QStash's id of the message; empty when it has none.</param>
/// <param name="isProven">
/// Whether all of it can be believed. Otherwise nothing is found of what MassTransit would decide by.
/// </param>
/// <param name="traceParent">The trace of the request; null for none.</param>
sealed class DeliveryHeaders(IHeaderProvider? sent, IReadOnlyDictionary<string, string> http, string qstashMessageId, Func<bool> isProven,
    string? traceParent = null) : IHeaderProvider
{
    readonly Lazy<bool> _isProven = new(isProven);

    bool IsProven => _isProven.Value;

    // Only what was sent: raw serializers copy all of it to outgoing messages.
    public IEnumerable<KeyValuePair<string, object>> GetAll() =>
        sent?.GetAll().Where(header => !TransportHeaders.IsTrusted(header.Key) || IsProven) ?? [];

    public bool TryGetHeader(string key, [NotNullWhen(true)] out object? value)
    {
        // Looked for first: the proof takes longer.
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

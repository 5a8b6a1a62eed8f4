using System.Globalization;
using System.Text.Json;
using MassTransit.Serialization;

namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// The id by which QStash drops a second copy of a send within ten minutes. So a request that is repeated after a lost answer, or by an
/// outbox, arrives once.
/// </summary>
static class DeduplicationId
{
    // Increase it when the hash is made of other parts: then ids of both forms are never equal by accident.
    const int Version = 1;

    // This is enough to recognise an id in the console; the hash makes it unique.
    const int MaxReadableLength = 40;

    /// <summary>
    /// Creates an id. The MessageId or own id alone would not be enough: QStash would drop messages that have the same id on purpose, such
    /// as the same message to another destination, another message type with the id of the same order, a redelivery, and messages that
    /// consumers forward or defer.
    /// </summary>
    /// <param name="messageId">The MessageId; used if <paramref name="ownId"/> is null.</param>
    /// <param name="ownId">The id the sender or the message type chose in place of the MessageId, or null.</param>
    /// <param name="destination">The URL or URL group.</param>
    /// <param name="types">The URNs of the message types.</param>
    /// <param name="redelivery">How often the message was redelivered.</param>
    /// <param name="cause">Identifies the consumed message whose consumer sends this one; null outside of consumers.</param>
    public static string Create(Guid? messageId, string? ownId, string destination, IEnumerable<string> types, int redelivery,
        string? cause)
    {
        // Text from the caller comes last, so that it cannot look like one of the other parts.
        var hash = TextHash.Hex(
            string.Create(CultureInfo.InvariantCulture,
                $"{Version}\n{destination}\n{string.Join(';', types)}\n{redelivery}\n{cause}\n{ownId}"));

        return ownId is null ? $"{messageId:N}-{hash}" : $"{Readable(ownId)}-{hash}";
    }

    /// <summary>An id made of the content of the message. The envelope is left out, because it has the times and ids of the send.</summary>
    public static string OfContent(object message) =>
        TextHash.Hex(JsonSerializer.Serialize(message, message.GetType(), SystemTextJsonMessageSerializer.Options));

    /// <summary>Identifies the consumed message whose consumer sends another one.</summary>
    /// <param name="messageId">The MessageId of the consumed message, or a replacement for it.</param>
    /// <param name="hop">How often the consumed message was forwarded under its id.</param>
    public static string Cause(string messageId, int hop) => string.Create(CultureInfo.InvariantCulture, $"{messageId}-{hop}");

    /// <summary>Identifies a copy that a consumer forwards of its message, under the same id.</summary>
    /// <param name="cause">See <see cref="Cause"/>.</param>
    /// <param name="content">A hash of the content of the copy, or null.</param>
    /// <param name="copy">The number of equal copies to the same destination, from 1.</param>
    public static string CauseOfCopy(string cause, string? content, int copy) =>
        string.Create(CultureInfo.InvariantCulture, $"{cause}-{content}-{copy}");

    // QStash accepts neither ':' nor blanks, and a header only ASCII.
    static string Readable(string id)
    {
        var text = id.AsSpan(0, Math.Min(id.Length, MaxReadableLength));

        return string.Create(text.Length, text, static (legal, given) =>
        {
            for (var i = 0; i < legal.Length; i++)
                legal[i] = given[i] is > ' ' and < '\x7f' and not ':' ? given[i] : '-';
        });
    }
}

using System.Globalization;
using System.Text.Json;
using MassTransit.Serialization;

namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// The id by which QStash drops a second copy of a send within ten minutes, so that a request which is repeated after a lost answer, or
/// by an outbox, arrives once.
/// </summary>
static class DeduplicationId
{
    // Counts up when the hash is made of other things: then ids of both forms never meet by accident.
    const int Version = 1;

    // Enough to recognise an id in the console; the hash tells ids apart.
    const int MaxReadableLength = 40;

    /// <summary>
    /// What names the message alone would swallow what is sent on purpose under the same name: the same message to another destination,
    /// another message type with the id of the same order, a redelivery, and what consumers forward or defer.
    /// </summary>
    /// <param name="messageId">Names the message, unless it has an id of its own.</param>
    /// <param name="ownId">The id the sender or the message type chose in place of the MessageId, or null.</param>
    /// <param name="destination">The URL or URL group.</param>
    /// <param name="types">The URNs of the message types.</param>
    /// <param name="redelivery">How often the message was redelivered.</param>
    /// <param name="cause">What made a consumer send it; null outside of consumers.</param>
    public static string Create(Guid? messageId, string? ownId, string destination, IEnumerable<string> types, int redelivery,
        string? cause)
    {
        // What the caller writes comes last, so that it cannot pass for one of the other parts.
        var hash = TextHash.Hex(
            string.Create(CultureInfo.InvariantCulture,
                $"{Version}\n{destination}\n{string.Join(';', types)}\n{redelivery}\n{cause}\n{ownId}"));

        return ownId is null ? $"{messageId:N}-{hash}" : $"{Readable(ownId)}-{hash}";
    }

    /// <summary>An id made of what the message says, without the envelope, in which the times and ids of the send are.</summary>
    public static string OfContent(object message) =>
        TextHash.Hex(JsonSerializer.Serialize(message, message.GetType(), SystemTextJsonMessageSerializer.Options));

    /// <summary>What made a consumer send a message.</summary>
    /// <param name="messageId">The MessageId of the consumed message, or what stands for it.</param>
    /// <param name="hop">How often that message was sent on under its id.</param>
    public static string Cause(string messageId, int hop) => string.Create(CultureInfo.InvariantCulture, $"{messageId}-{hop}");

    /// <summary>What made a consumer send on the message it got, under the same id.</summary>
    /// <param name="cause">See <see cref="Cause"/>.</param>
    /// <param name="content">A hash of what the copy says and asks for, or null.</param>
    /// <param name="copy">The number of equal copies to the same destination, from 1.</param>
    public static string CauseOfCopy(string cause, string? content, int copy) =>
        string.Create(CultureInfo.InvariantCulture, $"{cause}-{content}-{copy}");

    // QStash takes neither ':' nor blanks, and a header nothing but ASCII.
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

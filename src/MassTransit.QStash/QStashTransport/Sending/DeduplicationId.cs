using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MassTransit.QStashTransport.Receiving;
using MassTransit.Serialization;

namespace MassTransit.QStashTransport.Sending;

/// <summary>
/// The id by which QStash drops a second copy of a send within ten minutes (contract 3.10), so that a request repeated after a
/// lost answer, or an outbox replay, arrives once (P6, S4).
/// </summary>
static class DeduplicationId
{
    // Enough to recognise an id in the console; the hash tells ids apart.
    const int MaxReadableLength = 40;

    /// <summary>
    /// Composes the id, or returns null for a message that is not deduplicated. What names the message alone would swallow what is
    /// sent on purpose under the same name: the same message to another destination, another message type with the id of the same
    /// order, a redelivery, and what consumers forward or defer, also after the delivery it came with was replayed from the dead
    /// letter queue.
    /// </summary>
    /// <param name="context">The send.</param>
    /// <param name="ownId">The id the sender or the message type chose in place of the MessageId, or null.</param>
    /// <param name="destination">The URL or URL group.</param>
    public static string? Create(QStashSendContext context, string? ownId, string destination)
    {
        if (ownId is null && context.Deduplication == QStashDeduplication.None)
            return null;

        var types = string.Join(';', context.SupportedMessageTypes ?? []);
        var redelivery = context.Headers.Get<int>(MessageHeaders.RedeliveryCount) ?? 0;
        var cause = Cause(context, ownId, destination);

        // What the caller writes comes last, so that it cannot pass for one of the other parts.
        var hash = Hash(string.Create(CultureInfo.InvariantCulture, $"{destination}\n{types}\n{redelivery}\n{cause}\n{ownId}"));

        return ownId is null ? $"{context.MessageId:N}-{hash}" : $"{Readable(ownId)}-{hash}";
    }

    /// <summary>An id made of what the message says, without the envelope, in which the times and ids of the send are.</summary>
    public static string OfContent(object message) =>
        Hash(JsonSerializer.Serialize(message, message.GetType(), SystemTextJsonMessageSerializer.Options));

    // A consumer that sends on the message it got keeps the MessageId, and so may a second consumer of the same delivery, to the
    // same place: their copies are counted. A repeated delivery counts from the start, and ends with the same ids. A message of
    // its own that has an id of its own is the same whatever made the consumer send it.
    static string Cause(QStashSendContext context, string? ownId, string destination)
    {
        if (!context.TryGetPayload(out ConsumeContext? consumeContext)
            || !consumeContext.ReceiveContext.TryGetPayload(out QStashDelivery? delivery))
            return "";

        if (context.MessageId == consumeContext.MessageId)
            return string.Create(CultureInfo.InvariantCulture, $"{delivery.MessageId}-{delivery.CountCopy(destination)}");

        return ownId is null ? delivery.MessageId : "";
    }

    // QStash takes neither ':' nor blanks, and a header nothing but ASCII (sharp edge 53).
    static string Readable(string id)
    {
        var text = id.AsSpan(0, Math.Min(id.Length, MaxReadableLength));

        return string.Create(text.Length, text, static (legal, given) =>
        {
            for (var i = 0; i < legal.Length; i++)
                legal[i] = given[i] is > ' ' and < '\x7f' and not ':' ? given[i] : '-';
        });
    }

    static string Hash(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> utf8 = stackalloc byte[512];
        SHA256.HashData(Encoding.UTF8.TryGetBytes(text, utf8, out var length) ? utf8[..length] : Encoding.UTF8.GetBytes(text), hash);

        return Convert.ToHexStringLower(hash[..16]);
    }
}

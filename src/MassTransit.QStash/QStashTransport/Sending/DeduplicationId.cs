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
    /// order, a redelivery, and what consumers forward or defer.
    /// </summary>
    /// <param name="context">The send.</param>
    /// <param name="ownId">The id the sender or the message type chose in place of the MessageId, or null.</param>
    /// <param name="destination">The URL or URL group.</param>
    public static string? Create<T>(QStashMessageSendContext<T> context, string? ownId, string destination)
        where T : class
    {
        if (ownId is null && context.Deduplication == QStashDeduplication.None)
            return null;

        var types = string.Join(';', context.SupportedMessageTypes);
        var redelivery = context.Headers.Get<int>(MessageHeaders.RedeliveryCount) ?? 0;
        // What the caller writes comes last, so that it cannot pass for one of the other parts.
        var hash = Hash(string.Create(CultureInfo.InvariantCulture, $"{destination}\n{types}\n{redelivery}\n{context.Cause}\n{ownId}"));

        return ownId is null ? $"{context.MessageId:N}-{hash}" : $"{Readable(ownId)}-{hash}";
    }

    /// <summary>An id made of what the message says, without the envelope, in which the times and ids of the send are.</summary>
    public static string OfContent(object message) =>
        Hash(JsonSerializer.Serialize(message, message.GetType(), SystemTextJsonMessageSerializer.Options));

    /// <summary>
    /// What made a consumer send the message; null outside of consumers. Made of what is signed and of what is sent, so that a
    /// repeated attempt ends with the same, whatever its headers are and in whatever order consumers come. To be asked once for each
    /// send, while the message is still an object: an outbox keeps the answer.
    /// </summary>
    /// <remarks>
    /// A consumer that sends on the message it got keeps the MessageId, and so may a second consumer of the same delivery, to the same
    /// place: their content tells them apart, and a count those that are equal. A message of its own that has an id of its own is the
    /// same whatever made the consumer send it.
    /// </remarks>
    public static string? Cause<T>(QStashMessageSendContext<T> context, string destination)
        where T : class
    {
        if (!context.TryGetPayload(out ConsumeContext? consumed) || !consumed.ReceiveContext.TryGetPayload(out QStashDelivery? delivery))
            return null;

        var hop = EnvelopeFacts.ReadHop(consumed.Headers);
        var origin = string.Create(CultureInfo.InvariantCulture, $"{consumed.MessageId?.ToString("N") ?? OfBody(delivery)}-{hop}");

        if (context.MessageId is null || context.MessageId != consumed.MessageId)
            return context.OwnDeduplicationId is null ? origin : "";

        EnvelopeFacts.WriteHop(context.Headers, hop + 1);

        var content = OfCopy(context);

        return string.Create(CultureInfo.InvariantCulture, $"{origin}-{content}-{delivery.CountCopy($"{destination}\n{content}")}");
    }

    // What a copy says and asks for. Left out is what is another at each attempt: traces, tokens, times.
    static string OfCopy<T>(QStashMessageSendContext<T> context)
        where T : class
    {
        try
        {
            return Hash(JsonSerializer.Serialize(
                new object?[]
                {
                    JsonSerializer.SerializeToElement(context.Message, context.Message.GetType(), SystemTextJsonMessageSerializer.Options),
                    context.Headers.GetAll().Where(header => IsContent(header.Key)).OrderBy(header => header.Key, StringComparer.Ordinal).ToArray(),
                    context.RequestId,
                    context.CorrelationId,
                    context.ResponseAddress,
                    context.FaultAddress,
                    context.Delay,
                },
                SystemTextJsonMessageSerializer.Options));
        }
        // A message for another serializer. Then its copies are only counted.
        catch (Exception exception) when (exception is JsonException or NotSupportedException or InvalidOperationException)
        {
            return "";
        }
    }

    static bool IsContent(string header) => !header.StartsWith("MT-", StringComparison.OrdinalIgnoreCase)
        && header is not ("traceparent" or "tracestate" or "baggage");

    static string OfBody(QStashDelivery delivery) => Convert.ToHexStringLower(SHA256.HashData(delivery.Body.GetBytes()).AsSpan(0, 16));

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

using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using MassTransit.QStashTransport.Wire;
using MassTransit.Serialization;

namespace MassTransit.QStashTransport.Outgoing;

/// <summary>
/// The message whose consumer sends another one. It tells sends apart, and is made of what is signed and of what is sent: so a repeated
/// attempt ends with the same, whatever its headers are and in whatever order consumers come.
/// </summary>
/// <remarks>
/// A consumer that sends on the message it got keeps the MessageId, and so may a second consumer of the same delivery, to the same
/// place: their content tells them apart, and a count those that are equal.
/// </remarks>
sealed class ConsumedMessage
{
    readonly ICausingDelivery _delivery;
    readonly Guid? _messageId;

    ConsumedMessage(ConsumeContext context, ICausingDelivery delivery)
    {
        _delivery = delivery;
        _messageId = context.MessageId;
        Hop = EnvelopeFacts.ReadHop(context.Headers);
        Cause = DeduplicationId.Cause(_messageId?.ToString() ?? HashBody(delivery), Hop);
    }

    /// <summary>How often the message was sent on under its id.</summary>
    public int Hop { get; }

    public string Cause { get; }

    /// <summary>Null outside of consumers.</summary>
    public static ConsumedMessage? Find(SendContext context) =>
        FindDelivery(context) is { } delivery ? new ConsumedMessage(context.GetPayload<ConsumeContext>(), delivery) : null;

    /// <summary>The delivery of that message; null outside of consumers.</summary>
    public static ICausingDelivery? FindDelivery(SendContext context) =>
        context.TryGetPayload(out ConsumeContext? consumed) && consumed.ReceiveContext.TryGetPayload(out ICausingDelivery? delivery)
            ? delivery
            : null;

    public bool IsSentOnBy(SendContext context) => context.MessageId is not null && context.MessageId == _messageId;

    /// <summary>Counts the copies that are sent to one destination, from 1.</summary>
    public int CountCopy(string destination) => _delivery.CountCopy(destination);

    /// <summary>
    /// A hash of what a copy says and asks for. Left out is what is another at each attempt: traces, tokens, times. Null for a message of
    /// another serializer: then its copies are only counted.
    /// </summary>
    public static string? DescribeCopy<T>(SendContext<T> context)
        where T : class
    {
        try
        {
            return TextHash.Hex(JsonSerializer.Serialize(
                new object?[]
                {
                    JsonSerializer.SerializeToElement(context.Message, context.Message.GetType(), SystemTextJsonMessageSerializer.Options),
                    context.Headers.GetAll().Where(header => IsContent(header.Key)).ToImmutableSortedDictionary(StringComparer.Ordinal),
                    context.RequestId,
                    context.CorrelationId,
                    context.ResponseAddress,
                    context.FaultAddress,
                    context.Delay,
                },
                SystemTextJsonMessageSerializer.Options));
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or InvalidOperationException)
        {
            return null;
        }
    }

    static bool IsContent(string header) => !header.StartsWith("MT-", StringComparison.OrdinalIgnoreCase)
        && header is not ("traceparent" or "tracestate" or "baggage");

    static string HashBody(ICausingDelivery delivery) => Convert.ToHexStringLower(SHA256.HashData(delivery.GetBody()).AsSpan(0, 16));
}

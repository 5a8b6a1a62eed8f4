using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using MassTransit.QStashTransport.Wire;
using MassTransit.Serialization;

namespace MassTransit.QStashTransport.Outgoing;

/// <summary>
/// The message whose consumer sends another one. It contributes to the deduplication ids of the sends. Only signed data and the content of
/// the sends count, so a repeated attempt gives the same ids, even with other headers or another order of consumers.
/// </summary>
/// <remarks>
/// A consumer that forwards its message keeps the MessageId. A second consumer of the same delivery may forward it too, to the same
/// destination. The copies differ by their content; copies with equal content differ by a count.
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

    /// <summary>How often the message was forwarded under its id.</summary>
    public int Hop { get; }

    public string Cause { get; }

    /// <summary>Null outside of consumers.</summary>
    public static ConsumedMessage? Find(SendContext context) =>
        FindDelivery(context) is { } delivery ? new ConsumedMessage(context.GetPayload<ConsumeContext>(), delivery) : null;

    /// <summary>The delivery of the consumed message; null outside of consumers.</summary>
    public static ICausingDelivery? FindDelivery(SendContext context) =>
        context.TryGetPayload(out ConsumeContext? consumed) && consumed.ReceiveContext.TryGetPayload(out ICausingDelivery? delivery)
            ? delivery
            : null;

    public bool IsSentOnBy(SendContext context) => context.MessageId is not null && context.MessageId == _messageId;

    /// <summary>Counts the copies that are sent to one destination, from 1.</summary>
    public int CountCopy(string destination) => _delivery.CountCopy(destination);

    /// <summary>
    /// A hash of the content of a copy. It leaves out data that changes with each attempt: traces, tokens, times. Null if the message
    /// cannot be serialized to JSON; then its copies are only counted.
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

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MassTransit.QStashTransport.Receiving;

namespace MassTransit.QStashTransport.Sending;

/// <summary>
/// The id by which QStash drops a second copy of a send within ten minutes (contract 3.10), so that a request repeated after a
/// lost answer, or an outbox replay, arrives once (P6, S4).
/// </summary>
static class DeduplicationId
{
    /// <summary>
    /// Composes the id. The MessageId alone would swallow what is sent on purpose under the same MessageId: the same message to
    /// another destination, another message type with the id of the same order, a redelivery, and what consumers forward or
    /// defer, also after the delivery it came with was replayed from the dead letter queue.
    /// </summary>
    public static string Create(SendContext context, string destination)
    {
        var types = string.Join(';', context.SupportedMessageTypes ?? []);
        var redelivery = context.Headers.Get<int>(MessageHeaders.RedeliveryCount) ?? 0;
        var circumstances = string.Create(CultureInfo.InvariantCulture, $"{destination}\n{types}\n{redelivery}\n{Cause(context, destination)}");

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(circumstances), hash);

        return $"{context.MessageId:N}-{Convert.ToHexStringLower(hash[..16])}";
    }

    // A consumer that sends on the message it got keeps the MessageId, and so may a second consumer of the same delivery, to the
    // same place: their copies are counted. A repeated delivery counts from the start, and ends with the same ids.
    static string Cause(SendContext context, string destination)
    {
        if (!context.TryGetPayload(out ConsumeContext? consumeContext)
            || !consumeContext.ReceiveContext.TryGetPayload(out QStashDelivery? delivery))
            return "";

        return context.MessageId == consumeContext.MessageId
            ? string.Create(CultureInfo.InvariantCulture, $"{delivery.MessageId}\n{delivery.CountCopy(destination)}")
            : delivery.MessageId;
    }
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MassTransit.QStashTransport.Sending;

/// <summary>
/// The id by which QStash drops a second copy of a send within ten minutes (contract 3.10), so that a request repeated after a
/// lost answer, or an outbox replay, arrives once (P6, S4).
/// </summary>
static class DeduplicationId
{
    /// <summary>
    /// Composes the id. The MessageId alone would swallow what MassTransit sends on purpose under the same MessageId: the same
    /// message to another destination, a redelivery, and a message that a consumer forwards or defers, also after the delivery
    /// it came with was replayed from the dead letter queue.
    /// </summary>
    public static string Create(SendContext context, string destination)
    {
        var redelivery = context.Headers.Get<int>(MessageHeaders.RedeliveryCount) ?? 0;

        var cause = context.TryGetPayload(out ConsumeContext? consumeContext)
            && consumeContext.ReceiveContext.TryGetPayload(out QStashMessageContext? delivery)
                ? delivery.MessageId
                : "";

        var circumstances = string.Create(CultureInfo.InvariantCulture, $"{destination}\n{redelivery}\n{cause}");

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(circumstances), hash);

        return $"{context.MessageId:N}-{Convert.ToHexStringLower(hash[..16])}";
    }
}

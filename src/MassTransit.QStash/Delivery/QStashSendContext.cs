using System.Diagnostics.CodeAnalysis;
using QStash.Client;

namespace MassTransit;

/// <summary>
/// One message on its way to QStash, for observers and filters: <c>context.TryGetPayload(out QStashSendContext sendContext)</c>. To
/// change how it is delivered use <see cref="QStashSendContextExtensions"/>.
/// </summary>
[SuppressMessage("Naming", "CA1715", Justification = "MassTransit's contexts have no I.")]
public interface QStashSendContext :
    SendContext,
    PartitionKeySendContext
{
    /// <summary>
    /// How QStash is to deliver the message; never shared with another send. The settings of the bus
    /// (<see cref="IQStashHostConfigurator.Delivery"/>) come first, then the settings of the message type
    /// (<see cref="QStashSendTopologyExtensions"/>, <see cref="QStashPublishTopologyExtensions"/>), then those of the sender; the last one
    /// wins. A transactional outbox stores all of them.
    /// </summary>
    QStashSendSettings Delivery { get; }

    /// <summary>
    /// QStash's answers, one for each endpoint the message goes to. They hold the ids under which the API finds the messages. Empty before
    /// the send, and for a message that recurs.
    /// </summary>
    IReadOnlyList<QStashReceipt> Receipts { get; }
}

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
    /// How QStash is to deliver the message; never shared with another send. It starts with the settings of the bus
    /// (<see cref="IQStashHostConfigurator.Delivery"/>); those of the message type (<see cref="QStashSendTopologyExtensions"/>,
    /// <see cref="QStashPublishTopologyExtensions"/>) are applied next, and what the sender sets last wins. A transactional outbox
    /// keeps all of it.
    /// </summary>
    QStashSendSettings Delivery { get; }

    /// <summary>
    /// What QStash answered, one for each endpoint the message goes to, for observers and whoever keeps the context: the ids lead to
    /// the messages in the API. Empty before the send, and for a message that recurs.
    /// </summary>
    IReadOnlyList<QStashReceipt> Receipts { get; }
}

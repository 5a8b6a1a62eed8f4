using MassTransit.QStashTransport.Outgoing;
using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit;

/// <summary>
/// Sets how QStash delivers the published messages of one type: <c>cfg.Publish&lt;OrderSubmitted&gt;(x => x.UseDelivery(d => d.Retries =
/// 5))</c>. Applies to the type and to types derived from it. Wins over the settings that <see cref="QStashSendTopologyExtensions"/> makes
/// for the same type; settings of a derived type or of the publisher win over both.
/// </summary>
/// <remarks>
/// Values that are not legal throw at once. A message that a scheduler publishes, once or repeatedly, is a send to the URL group for
/// MassTransit: make the settings for it in <c>Send&lt;T&gt;</c>.
/// </remarks>
public static class QStashPublishTopologyExtensions
{
    /// <inheritdoc cref="QStashSendTopologyExtensions.UseDelivery"/>
    public static void UseDelivery<T>(this IMessagePublishTopologyConfigurator<T> configurator, Action<QStashDeliverySettings> configure)
        where T : class =>
        Add(configurator, MessageTypeDelivery<T>.Of(configure));

    /// <inheritdoc cref="QStashSendTopologyExtensions.UseFlowControl"/>
    public static void UseFlowControl<T>(this IMessagePublishTopologyConfigurator<T> configurator, Func<SendContext<T>, string> key,
        int? rate = null, TimeSpan? period = null, int? parallelism = null)
        where T : class =>
        Add(configurator, MessageTypeDelivery<T>.OfFlowControl(key, rate, period, parallelism));

    /// <inheritdoc cref="QStashSendTopologyExtensions.UseOrderedDelivery"/>
    public static void UseOrderedDelivery<T, TKey>(this IMessagePublishTopologyConfigurator<T> configurator, Func<T, TKey?> key,
        int fifoQueues = OrderedQueues.DefaultCount, string prefix = OrderedQueues.DefaultPrefix)
        where T : class =>
        Add(configurator, MessageTypeDelivery<T>.OfOrder(key, fifoQueues, prefix));

    /// <inheritdoc cref="QStashSendTopologyExtensions.UseDeduplicationId"/>
    public static void UseDeduplicationId<T>(this IMessagePublishTopologyConfigurator<T> configurator,
        Func<SendContext<T>, string?> deduplicationId)
        where T : class =>
        Add(configurator, MessageTypeDelivery<T>.OfDeduplicationId(deduplicationId));

    /// <inheritdoc cref="QStashSendTopologyExtensions.UseDeduplication"/>
    public static void UseDeduplication<T>(this IMessagePublishTopologyConfigurator<T> configurator, QStashDeduplication deduplication)
        where T : class =>
        Add(configurator, MessageTypeDelivery<T>.OfDeduplication(deduplication));

    static void Add<T>(IMessagePublishTopologyConfigurator<T> configurator, MessageTypeDelivery<T> delivery)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(configurator);

        configurator.Add(delivery);
    }
}

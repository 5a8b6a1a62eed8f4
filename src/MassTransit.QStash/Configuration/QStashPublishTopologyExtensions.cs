using MassTransit.QStashTransport.Topology;
using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit;

/// <summary>
/// Sets how QStash delivers what is published of one type: <c>cfg.Publish&lt;OrderSubmitted&gt;(x => x.UseRetries(5))</c>. Applies to
/// the type and to types derived from it. Wins over what <see cref="QStashSendTopologyExtensions"/> says of the same type; what a
/// derived type or the publisher sets wins over both.
/// </summary>
/// <remarks>
/// Values that are not legal throw at once. What a scheduler publishes, once or again and again, MassTransit sends to the URL group:
/// settings for that belong into <c>Send&lt;T&gt;</c>.
/// </remarks>
public static class QStashPublishTopologyExtensions
{
    /// <inheritdoc cref="QStashSendTopologyExtensions.UseRetries"/>
    public static void UseRetries<T>(this IMessagePublishTopologyConfigurator<T> configurator, int retries, string? retryDelay = null)
        where T : class =>
        Add(configurator, SetDelivery<T>.ToRetries(retries, retryDelay));

    /// <inheritdoc cref="QStashSendTopologyExtensions.UseTimeout"/>
    public static void UseTimeout<T>(this IMessagePublishTopologyConfigurator<T> configurator, TimeSpan timeout)
        where T : class =>
        Add(configurator, SetDelivery<T>.ToTimeout(timeout));

    /// <inheritdoc cref="QStashSendTopologyExtensions.UseFlowControl{T}(IMessageSendTopologyConfigurator{T}, string, int?, TimeSpan?, int?)"/>
    public static void UseFlowControl<T>(this IMessagePublishTopologyConfigurator<T> configurator, string key, int? rate = null,
        TimeSpan? period = null, int? parallelism = null)
        where T : class =>
        Add(configurator, SetDelivery<T>.ToFlowControl(key, rate, period, parallelism));

    /// <inheritdoc cref="QStashSendTopologyExtensions.UseFlowControl{T}(IMessageSendTopologyConfigurator{T}, Func{SendContext{T}, string}, int?, TimeSpan?, int?)"/>
    public static void UseFlowControl<T>(this IMessagePublishTopologyConfigurator<T> configurator, Func<SendContext<T>, string> key,
        int? rate = null, TimeSpan? period = null, int? parallelism = null)
        where T : class =>
        Add(configurator, SetDelivery<T>.ToFlowControl(key, rate, period, parallelism));

    /// <inheritdoc cref="QStashSendTopologyExtensions.UseCallback"/>
    public static void UseCallback<T>(this IMessagePublishTopologyConfigurator<T> configurator, Uri? address, Action<QStashCallbackOptions>? configure = null)
        where T : class =>
        Add(configurator, SetDelivery<T>.ToCallback(address, configure));

    /// <inheritdoc cref="QStashSendTopologyExtensions.UseFailureCallback"/>
    public static void UseFailureCallback<T>(this IMessagePublishTopologyConfigurator<T> configurator, Uri? address, Action<QStashCallbackOptions>? configure = null)
        where T : class =>
        Add(configurator, SetDelivery<T>.ToFailureCallback(address, configure));

    /// <inheritdoc cref="QStashSendTopologyExtensions.UseOrderedDelivery"/>
    public static void UseOrderedDelivery<T, TKey>(this IMessagePublishTopologyConfigurator<T> configurator, Func<T, TKey?> key,
        int queues = OrderedQueues.DefaultCount, string prefix = OrderedQueues.DefaultPrefix)
        where T : class =>
        Add(configurator, SetDelivery<T>.ToOrder(key, queues, prefix));

    /// <inheritdoc cref="QStashSendTopologyExtensions.UseDelivery"/>
    public static void UseDelivery<T>(this IMessagePublishTopologyConfigurator<T> configurator, Action<QStashDeliverySettings> configure)
        where T : class =>
        Add(configurator, SetDelivery<T>.To(configure));

    /// <inheritdoc cref="QStashSendTopologyExtensions.UseDeduplicationId"/>
    public static void UseDeduplicationId<T>(this IMessagePublishTopologyConfigurator<T> configurator, Func<SendContext<T>, string?> deduplicationId)
        where T : class =>
        Add(configurator, SetDelivery<T>.ToDeduplicationId(deduplicationId));

    /// <inheritdoc cref="QStashSendTopologyExtensions.UseDeduplication"/>
    public static void UseDeduplication<T>(this IMessagePublishTopologyConfigurator<T> configurator, QStashDeduplication deduplication)
        where T : class =>
        Add(configurator, SetDelivery<T>.ToDeduplication(deduplication));

    static void Add<T>(IMessagePublishTopologyConfigurator<T> configurator, SetDelivery<T> delivery)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(configurator);

        configurator.Add(delivery);
    }
}

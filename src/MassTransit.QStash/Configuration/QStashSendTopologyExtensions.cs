using MassTransit.QStashTransport.Topology;
using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit;

/// <summary>
/// Sets how QStash delivers messages of one type: <c>cfg.Send&lt;ChargeCard&gt;(x => x.UseRetries(5))</c>. Applies to whatever is
/// sent or published of the type and of types derived from it; what a derived type, <see cref="QStashPublishTopologyExtensions"/> or
/// the sender sets wins.
/// </summary>
/// <remarks>Values that are not legal throw at once, and not only when a message is sent.</remarks>
public static class QStashSendTopologyExtensions
{
    /// <summary>Sets the retries, and optionally the time between them.</summary>
    /// <param name="configurator">The configurator of <c>Send&lt;T&gt;</c>.</param>
    /// <param name="retries">Retries after the first attempt, 0 or more. QStash's default is 3; the plan sets the maximum.</param>
    /// <param name="retryDelay"><inheritdoc cref="QStashDeliverySettings.RetryDelay" path="/summary/node()"/></param>
    /// <exception cref="ArgumentException">A value is not legal.</exception>
    public static void UseRetries<T>(this IMessageSendTopologyConfigurator<T> configurator, int retries, string? retryDelay = null)
        where T : class =>
        Add(configurator, SetDelivery<T>.ToRetries(retries, retryDelay));

    /// <summary>Sets the longest time a consumer may take: more counts as a failed attempt.</summary>
    /// <param name="configurator">The configurator of <c>Send&lt;T&gt;</c>.</param>
    /// <param name="timeout">More than zero, in whole seconds. It can only shorten the maximum of the plan.</param>
    /// <exception cref="ArgumentException">The value is not legal.</exception>
    public static void UseTimeout<T>(this IMessageSendTopologyConfigurator<T> configurator, TimeSpan timeout)
        where T : class =>
        Add(configurator, SetDelivery<T>.ToTimeout(timeout));

    /// <summary>Limits how many messages under one key are delivered, in a period and at the same time. More wait at QStash.</summary>
    /// <param name="configurator">The configurator of <c>Send&lt;T&gt;</c>.</param>
    /// <param name="key"><inheritdoc cref="QStashFlowControlSettings.Key" path="/summary/node()"/></param>
    /// <param name="rate"><inheritdoc cref="QStashFlowControlSettings.Rate" path="/summary/node()"/></param>
    /// <param name="period"><inheritdoc cref="QStashFlowControlSettings.Period" path="/summary/node()"/></param>
    /// <param name="parallelism"><inheritdoc cref="QStashFlowControlSettings.Parallelism" path="/summary/node()"/></param>
    /// <exception cref="ArgumentException">A value is not legal, or neither a rate nor a parallelism is given.</exception>
    public static void UseFlowControl<T>(this IMessageSendTopologyConfigurator<T> configurator, string key, int? rate = null,
        TimeSpan? period = null, int? parallelism = null)
        where T : class =>
        Add(configurator, SetDelivery<T>.ToFlowControl(key, rate, period, parallelism));

    /// <summary>
    /// Reports the outcome of every attempt, as <see cref="QStashDelivered"/> or <see cref="QStashDeliveryAttemptFailed"/>.
    /// </summary>
    /// <param name="configurator">The configurator of <c>Send&lt;T&gt;</c>.</param>
    /// <param name="address">Where to: <c>queue:name</c> or an https URL; null for nowhere.</param>
    /// <param name="configure">Retries, timeout and more of the callback.</param>
    /// <exception cref="ArgumentException">A value is not legal.</exception>
    public static void UseCallback<T>(this IMessageSendTopologyConfigurator<T> configurator, Uri? address, Action<QStashCallbackOptions>? configure = null)
        where T : class =>
        Add(configurator, SetDelivery<T>.ToCallback(address, configure));

    /// <summary>
    /// Reports that QStash gave the message up, as <see cref="QStashDeliveryFailed"/>, and raises a <c>Fault&lt;T&gt;</c> when no
    /// endpoint got to do so.
    /// </summary>
    /// <inheritdoc cref="UseCallback"/>
    public static void UseFailureCallback<T>(this IMessageSendTopologyConfigurator<T> configurator, Uri? address, Action<QStashCallbackOptions>? configure = null)
        where T : class =>
        Add(configurator, SetDelivery<T>.ToFailureCallback(address, configure));

    /// <summary>Limits how many messages are delivered under a key that each message names, such as its tenant.</summary>
    /// <param name="configurator">The configurator of <c>Send&lt;T&gt;</c>.</param>
    /// <param name="key">Gives the key: printable ASCII without blanks and without <c>/</c>.</param>
    /// <param name="rate"><inheritdoc cref="QStashFlowControlSettings.Rate" path="/summary/node()"/></param>
    /// <param name="period"><inheritdoc cref="QStashFlowControlSettings.Period" path="/summary/node()"/></param>
    /// <param name="parallelism"><inheritdoc cref="QStashFlowControlSettings.Parallelism" path="/summary/node()"/></param>
    /// <exception cref="ArgumentException">A value is not legal, or neither a rate nor a parallelism is given.</exception>
    public static void UseFlowControl<T>(this IMessageSendTopologyConfigurator<T> configurator, Func<SendContext<T>, string> key,
        int? rate = null, TimeSpan? period = null, int? parallelism = null)
        where T : class =>
        Add(configurator, SetDelivery<T>.ToFlowControl(key, rate, period, parallelism));

    /// <summary>
    /// Delivers messages with the same key one after the other, in the order they were sent: each waits until the one before is
    /// handled, or has used up its retries. They go through a set of QStash queues, and a key always through the same one.
    /// </summary>
    /// <remarks>
    /// Message types share the queues, so that the order holds across the types that name the same key. A message with a delay
    /// has left the order, also one that is redelivered with a delay.
    /// </remarks>
    /// <param name="configurator">The configurator of <c>Send&lt;T&gt;</c>.</param>
    /// <param name="key">What the order holds for, such as the number of the customer; a message without key is not ordered.</param>
    /// <param name="queues">How many queues: as many messages are delivered at the same time. The plan limits it. Default 8.</param>
    /// <param name="prefix">What their names begin with: letters, digits, '.', '_' and '-'. Default <c>ordered</c>.</param>
    /// <exception cref="ArgumentException">The number or the prefix is not legal.</exception>
    public static void UseOrderedDelivery<T, TKey>(this IMessageSendTopologyConfigurator<T> configurator, Func<T, TKey?> key,
        int queues = OrderedQueues.DefaultCount, string prefix = OrderedQueues.DefaultPrefix)
        where T : class =>
        Add(configurator, SetDelivery<T>.ToOrder(key, queues, prefix));

    /// <summary>Sets whatever else can be set of a delivery: labels, redaction, headers for webhooks.</summary>
    /// <param name="configurator">The configurator of <c>Send&lt;T&gt;</c>.</param>
    /// <param name="configure">Changes the settings of a send; is called for each, and once right now to check the values.</param>
    /// <exception cref="ArgumentException">A value is not legal.</exception>
    public static void UseDelivery<T>(this IMessageSendTopologyConfigurator<T> configurator, Action<QStashDeliverySettings> configure)
        where T : class =>
        Add(configurator, SetDelivery<T>.To(configure));

    /// <summary>Recognises a second copy of a message by an id of its own, such as the number of an order, in place of the MessageId.</summary>
    /// <param name="configurator">The configurator of <c>Send&lt;T&gt;</c>.</param>
    /// <param name="deduplicationId">The id, any text; null for a message without one.</param>
    public static void UseDeduplicationId<T>(this IMessageSendTopologyConfigurator<T> configurator, Func<SendContext<T>, string?> deduplicationId)
        where T : class =>
        Add(configurator, SetDelivery<T>.ToDeduplicationId(deduplicationId));

    /// <summary>Recognises a second copy of a message by something else than its MessageId, or not at all.</summary>
    /// <param name="configurator">The configurator of <c>Send&lt;T&gt;</c>.</param>
    /// <param name="deduplication">What tells a copy.</param>
    /// <exception cref="ArgumentException">There is no such way.</exception>
    public static void UseDeduplication<T>(this IMessageSendTopologyConfigurator<T> configurator, QStashDeduplication deduplication)
        where T : class =>
        Add(configurator, Enum.IsDefined(deduplication)
            ? SetDelivery<T>.ToDeduplication(deduplication)
            : throw new ArgumentOutOfRangeException(nameof(deduplication), deduplication, "Use MessageId, Content or None."));

    static void Add<T>(IMessageSendTopologyConfigurator<T> configurator, SetDelivery<T> delivery)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(configurator);

        configurator.Add(delivery);
    }
}

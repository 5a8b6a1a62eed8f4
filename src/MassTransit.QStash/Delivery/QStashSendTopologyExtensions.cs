using MassTransit.QStashTransport.Outgoing;
using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit;

/// <summary>
/// Sets how QStash delivers messages of one type: <c>cfg.Send&lt;ChargeCard&gt;(x => x.UseDelivery(d => d.Retries = 5))</c>. Applies to
/// sends and publishes of the type and of types derived from it. Settings of a derived type, of
/// <see cref="QStashPublishTopologyExtensions"/> or of the sender win.
/// </summary>
/// <remarks>Values that are not legal throw at once, before any message is sent.</remarks>
public static class QStashSendTopologyExtensions
{
    /// <summary>Changes the delivery settings: retries, timeout, callbacks, labels and so on.</summary>
    /// <param name="configurator">The configurator of <c>Send&lt;T&gt;</c>.</param>
    /// <param name="configure">
    /// Changes the settings of a send, which start with those of the bus. It is called for each send, and once immediately to check the
    /// values.
    /// </param>
    /// <exception cref="ArgumentException">A value is not legal.</exception>
    public static void UseDelivery<T>(this IMessageSendTopologyConfigurator<T> configurator, Action<QStashDeliverySettings> configure)
        where T : class =>
        Add(configurator, MessageTypeDelivery<T>.Of(configure));

    /// <summary>Limits how many messages are delivered under a key that each message names, such as its tenant.</summary>
    /// <remarks>Under one key for all: <c>UseDelivery(d => d.FlowControl = new() { Key = "mail", Parallelism = 2 })</c>.</remarks>
    /// <param name="configurator">The configurator of <c>Send&lt;T&gt;</c>.</param>
    /// <param name="key">Gives the key: printable ASCII without blanks and without <c>/</c>.</param>
    /// <param name="rate"><inheritdoc cref="QStashFlowControlSettings.Rate" path="/summary/node()"/></param>
    /// <param name="period"><inheritdoc cref="QStashFlowControlSettings.Period" path="/summary/node()"/></param>
    /// <param name="parallelism"><inheritdoc cref="QStashFlowControlSettings.Parallelism" path="/summary/node()"/></param>
    /// <exception cref="ArgumentException">A value is not legal, or neither a rate nor a parallelism is given.</exception>
    public static void UseFlowControl<T>(this IMessageSendTopologyConfigurator<T> configurator, Func<SendContext<T>, string> key,
        int? rate = null, TimeSpan? period = null, int? parallelism = null)
        where T : class =>
        Add(configurator, MessageTypeDelivery<T>.OfFlowControl(key, rate, period, parallelism));

    /// <summary>
    /// Delivers messages with the same key one after the other, in the order they were sent: each waits until the one before is handled or
    /// has used up its retries. They go through a set of FIFO queues of QStash; a key always uses the same queue.
    /// </summary>
    /// <remarks>
    /// Message types share the FIFO queues, so the order holds across all types that use the same key. A message that is sent or
    /// redelivered with a delay leaves the order.
    /// </remarks>
    /// <param name="configurator">The configurator of <c>Send&lt;T&gt;</c>.</param>
    /// <param name="key">
    /// Gives the key within which the order holds, such as the number of the customer. A message without a key is not ordered.
    /// </param>
    /// <param name="fifoQueues">
    /// The number of FIFO queues, which is also how many messages are delivered at the same time. The plan limits it. Default 8.
    /// </param>
    /// <param name="prefix">The prefix of the names of the FIFO queues: letters, digits, '.', '_' and '-'. Default <c>ordered</c>.</param>
    /// <exception cref="ArgumentException">The number or the prefix is not legal.</exception>
    public static void UseOrderedDelivery<T, TKey>(this IMessageSendTopologyConfigurator<T> configurator, Func<T, TKey?> key,
        int fifoQueues = OrderedQueues.DefaultCount, string prefix = OrderedQueues.DefaultPrefix)
        where T : class =>
        Add(configurator, MessageTypeDelivery<T>.OfOrder(key, fifoQueues, prefix));

    /// <summary>
    /// Recognises a second copy of a message by an id that the message names, such as the number of an order, in place of the MessageId.
    /// </summary>
    /// <param name="configurator">The configurator of <c>Send&lt;T&gt;</c>.</param>
    /// <param name="deduplicationId">Gives the id, any text; null for a message without its own id.</param>
    public static void UseDeduplicationId<T>(this IMessageSendTopologyConfigurator<T> configurator,
        Func<SendContext<T>, string?> deduplicationId)
        where T : class =>
        Add(configurator, MessageTypeDelivery<T>.OfDeduplicationId(deduplicationId));

    /// <summary>Recognises a second copy of a message by something other than its MessageId, or not at all.</summary>
    /// <param name="configurator">The configurator of <c>Send&lt;T&gt;</c>.</param>
    /// <param name="deduplication">How a copy is recognised.</param>
    /// <exception cref="ArgumentException">The value is not defined.</exception>
    public static void UseDeduplication<T>(this IMessageSendTopologyConfigurator<T> configurator, QStashDeduplication deduplication)
        where T : class =>
        Add(configurator, MessageTypeDelivery<T>.OfDeduplication(deduplication));

    static void Add<T>(IMessageSendTopologyConfigurator<T> configurator, MessageTypeDelivery<T> delivery)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(configurator);

        configurator.Add(delivery);
    }
}

using MassTransit.QStashTransport.Outgoing;
using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit;

/// <summary>
/// Sets how QStash delivers messages of one type: <c>cfg.Send&lt;ChargeCard&gt;(x => x.UseDelivery(d => d.Retries = 5))</c>. Applies
/// to whatever is sent or published of the type and of types derived from it; what a derived type,
/// <see cref="QStashPublishTopologyExtensions"/> or the sender sets wins.
/// </summary>
/// <remarks>Values that are not legal throw at once, and not only when a message is sent.</remarks>
public static class QStashSendTopologyExtensions
{
    /// <summary>Changes the delivery settings: retries, timeout, callbacks, labels and so on.</summary>
    /// <param name="configurator">The configurator of <c>Send&lt;T&gt;</c>.</param>
    /// <param name="configure">
    /// Changes the settings of a send, which are those of the bus at first; is called for each, and once right now to check the values.
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
    /// Delivers messages with the same key one after the other, in the order they were sent: each waits until the one before is
    /// handled, or has used up its retries. They go through a set of FIFO queues of QStash, and a key always through the same one.
    /// </summary>
    /// <remarks>
    /// Message types share the FIFO queues, so that the order holds across the types that name the same key. A message with a delay
    /// has left the order, also one that is redelivered with a delay.
    /// </remarks>
    /// <param name="configurator">The configurator of <c>Send&lt;T&gt;</c>.</param>
    /// <param name="key">What the order holds for, such as the number of the customer; a message without key is not ordered.</param>
    /// <param name="fifoQueues">
    /// How many FIFO queues: as many messages are delivered at the same time. The plan limits it. Default 8.
    /// </param>
    /// <param name="prefix">What their names begin with: letters, digits, '.', '_' and '-'. Default <c>ordered</c>.</param>
    /// <exception cref="ArgumentException">The number or the prefix is not legal.</exception>
    public static void UseOrderedDelivery<T, TKey>(this IMessageSendTopologyConfigurator<T> configurator, Func<T, TKey?> key,
        int fifoQueues = OrderedQueues.DefaultCount, string prefix = OrderedQueues.DefaultPrefix)
        where T : class =>
        Add(configurator, MessageTypeDelivery<T>.OfOrder(key, fifoQueues, prefix));

    /// <summary>
    /// Recognises a second copy of a message by an id of its own, such as the number of an order, in place of the MessageId.
    /// </summary>
    /// <param name="configurator">The configurator of <c>Send&lt;T&gt;</c>.</param>
    /// <param name="deduplicationId">The id, any text; null for a message without one.</param>
    public static void UseDeduplicationId<T>(this IMessageSendTopologyConfigurator<T> configurator,
        Func<SendContext<T>, string?> deduplicationId)
        where T : class =>
        Add(configurator, MessageTypeDelivery<T>.OfDeduplicationId(deduplicationId));

    /// <summary>Recognises a second copy of a message by something else than its MessageId, or not at all.</summary>
    /// <param name="configurator">The configurator of <c>Send&lt;T&gt;</c>.</param>
    /// <param name="deduplication">What tells a copy.</param>
    /// <exception cref="ArgumentException">There is no such way.</exception>
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

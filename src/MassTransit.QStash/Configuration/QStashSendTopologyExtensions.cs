using MassTransit.QStashTransport.Callbacks;
using MassTransit.QStashTransport.Topology;
using QStash.Client;

namespace MassTransit;

/// <summary>
/// Sets how QStash delivers messages of one type: <c>cfg.Send&lt;ChargeCard&gt;(x => x.UseRetries(5))</c>. Applies to whatever is
/// sent or published of the type and of types derived from it; what a derived type or the sender sets wins.
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
        configurator.UseDelivery(settings =>
        {
            settings.Retries = retries;
            settings.RetryDelay = retryDelay ?? settings.RetryDelay;
        });

    /// <summary>Sets the longest time a consumer may take: more counts as a failed attempt.</summary>
    /// <param name="configurator">The configurator of <c>Send&lt;T&gt;</c>.</param>
    /// <param name="timeout">More than zero, in whole seconds. It can only shorten the maximum of the plan.</param>
    /// <exception cref="ArgumentException">The value is not legal.</exception>
    public static void UseTimeout<T>(this IMessageSendTopologyConfigurator<T> configurator, TimeSpan timeout)
        where T : class =>
        configurator.UseDelivery(settings => settings.Timeout = timeout);

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
        configurator.UseDelivery(settings => settings.FlowControl = new QStashFlowControlSettings
        {
            Key = key,
            Rate = rate,
            Period = period,
            Parallelism = parallelism,
        });

    /// <summary>
    /// Reports the outcome of every attempt, as <see cref="QStashDelivered"/> or <see cref="QStashDeliveryAttemptFailed"/>.
    /// </summary>
    /// <param name="configurator">The configurator of <c>Send&lt;T&gt;</c>.</param>
    /// <param name="address">Where to: <c>queue:name</c> or an https URL; null for nowhere.</param>
    /// <param name="configure">Retries, timeout and more of the callback.</param>
    /// <exception cref="ArgumentException">A value is not legal.</exception>
    public static void UseCallback<T>(this IMessageSendTopologyConfigurator<T> configurator, Uri? address, Action<QStashCallbackOptions>? configure = null)
        where T : class =>
        configurator.UseDelivery(settings => CallbackRequest.SetCallback(settings, address, configure));

    /// <summary>
    /// Reports that QStash gave the message up, as <see cref="QStashDeliveryFailed"/>, and raises a <c>Fault&lt;T&gt;</c> when no
    /// endpoint got to do so.
    /// </summary>
    /// <inheritdoc cref="UseCallback"/>
    public static void UseFailureCallback<T>(this IMessageSendTopologyConfigurator<T> configurator, Uri? address, Action<QStashCallbackOptions>? configure = null)
        where T : class =>
        configurator.UseDelivery(settings => CallbackRequest.SetFailureCallback(settings, address, configure));

    /// <summary>Sets whatever else can be set of a delivery: labels, redaction, headers for webhooks.</summary>
    /// <param name="configurator">The configurator of <c>Send&lt;T&gt;</c>.</param>
    /// <param name="configure">Changes the settings of a send; is called for each, and once right now to check the values.</param>
    /// <exception cref="ArgumentException">A value is not legal.</exception>
    public static void UseDelivery<T>(this IMessageSendTopologyConfigurator<T> configurator, Action<QStashDeliverySettings> configure)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(configurator);
        ArgumentNullException.ThrowIfNull(configure);

        var settings = new QStashDeliverySettings();
        configure(settings);
        CallbackRequest.Validate(settings);

        configurator.Add(new SetDelivery<T>((send, _) => configure(send.Delivery)));
    }

    /// <summary>Recognises a second copy of a message by an id of its own, such as the number of an order, in place of the MessageId.</summary>
    /// <param name="configurator">The configurator of <c>Send&lt;T&gt;</c>.</param>
    /// <param name="deduplicationId">The id, any text; null for a message without one.</param>
    public static void UseDeduplicationId<T>(this IMessageSendTopologyConfigurator<T> configurator, Func<SendContext<T>, string?> deduplicationId)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(configurator);
        ArgumentNullException.ThrowIfNull(deduplicationId);

        configurator.Add(new SetDelivery<T>((send, context) => send.DeduplicationId = deduplicationId(context)));
    }

    /// <summary>Recognises a second copy of a message by something else than its MessageId, or not at all.</summary>
    /// <param name="configurator">The configurator of <c>Send&lt;T&gt;</c>.</param>
    /// <param name="deduplication">What tells a copy.</param>
    public static void UseDeduplication<T>(this IMessageSendTopologyConfigurator<T> configurator, QStashDeduplication deduplication)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(configurator);

        configurator.Add(new SetDelivery<T>((send, _) => send.Deduplication = deduplication));
    }
}

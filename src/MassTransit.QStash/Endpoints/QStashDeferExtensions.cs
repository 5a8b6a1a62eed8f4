using MassTransit.Middleware;

namespace MassTransit;

/// <summary>
/// Puts a message off from within its consumer.
/// </summary>
public static class QStashDeferExtensions
{
    /// <summary>
    /// Sends the message to its endpoint again, to be delivered after a delay. QStash keeps it meanwhile; the delivery at hand is
    /// done when the consumer returns.
    /// </summary>
    /// <remarks>
    /// It works on a bus of any transport that knows delays. The name is our own, for two of them bring a <c>Defer</c>, which would be
    /// ambiguous in a project that uses one of them beside QStash.
    /// </remarks>
    /// <param name="context">The message that is being consumed.</param>
    /// <param name="delay">The delay, rounded up to seconds. The plan limits it.</param>
    /// <param name="callback">Changes the copy before it is sent.</param>
    public static Task DeferDelivery<T>(this ConsumeContext<T> context, TimeSpan delay,
        Action<ConsumeContext, SendContext>? callback = null)
        where T : class =>
        new DelayedMessageRedeliveryContext<T>(context, RedeliveryOptions.None).ScheduleRedelivery(delay, callback);
}

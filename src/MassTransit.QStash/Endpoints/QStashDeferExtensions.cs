using MassTransit.Middleware;

namespace MassTransit;

/// <summary>
/// Defers a message from within its consumer.
/// </summary>
public static class QStashDeferExtensions
{
    /// <summary>
    /// Sends the message to its endpoint again, to be delivered after a delay. QStash keeps it during the delay; the current delivery ends
    /// when the consumer returns.
    /// </summary>
    /// <remarks>
    /// It works on a bus of any transport that supports delays. It is not called <c>Defer</c>, because two other transports have a method
    /// with that name, and a call would be ambiguous in a project that uses one of them together with QStash.
    /// </remarks>
    /// <param name="context">The message that is being consumed.</param>
    /// <param name="delay">The delay, rounded up to seconds. The plan limits it.</param>
    /// <param name="callback">Changes the copy before it is sent.</param>
    public static Task DeferDelivery<T>(this ConsumeContext<T> context, TimeSpan delay,
        Action<ConsumeContext, SendContext>? callback = null)
        where T : class =>
        new DelayedMessageRedeliveryContext<T>(context, RedeliveryOptions.None).ScheduleRedelivery(delay, callback);
}

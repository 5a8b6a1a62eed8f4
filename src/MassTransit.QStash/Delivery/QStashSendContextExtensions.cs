namespace MassTransit;

/// <summary>
/// Sets how QStash delivers one message. The values are checked when the message is sent.
/// </summary>
public static class QStashSendContextExtensions
{
    /// <summary>Changes the delivery settings of a message: <c>x => x.UseQStash(d => d.Retries = 5)</c>.</summary>
    /// <param name="context">The send context.</param>
    /// <param name="configure">Changes the settings, which are those of the bus and of the message type at first.</param>
    /// <exception cref="ArgumentException">
    /// The message is not sent through QStash. Use <see cref="TryUseQStash"/> if it may go through another transport.
    /// </exception>
    public static void UseQStash(this SendContext context, Action<QStashSendSettings> configure)
    {
        if (!context.TryUseQStash(configure))
        {
            throw new ArgumentException(
                "The message is not sent through QStash. Use context.TryUseQStash(…) where it may go through another transport.",
                nameof(context));
        }
    }

    /// <summary>
    /// Does the same as <see cref="UseQStash"/> if the message is sent through QStash, and nothing on a bus of another transport.
    /// </summary>
    /// <param name="context">The send context.</param>
    /// <param name="configure">Changes the settings, which are those of the bus and of the message type at first.</param>
    /// <returns>Whether the message is sent through QStash.</returns>
    public static bool TryUseQStash(this SendContext context, Action<QStashSendSettings> configure)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(configure);

        if (!context.TryGetPayload(out QStashSendContext? sendContext))
            return false;

        configure(sendContext.Delivery);

        return true;
    }
}

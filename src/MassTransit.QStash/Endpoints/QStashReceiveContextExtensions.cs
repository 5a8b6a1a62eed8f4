namespace MassTransit;

/// <summary>
/// Reads what QStash tells about a delivery.
/// </summary>
public static class QStashReceiveContextExtensions
{
    /// <summary>What QStash tells about the delivery, or null when the message did not come through QStash.</summary>
    /// <param name="context">The receive context; in a consumer <see cref="ConsumeContext.ReceiveContext"/>.</param>
    public static QStashMessageContext? GetQStashMessage(this ReceiveContext context)
    {
        ArgumentNullException.ThrowIfNull(context);

        return context.TryGetPayload(out QStashMessageContext? message) ? message : null;
    }
}

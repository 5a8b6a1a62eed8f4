using MassTransit.QStashTransport.Hosting;

namespace MassTransit;

/// <summary>
/// What can be done with a running bus on QStash.
/// </summary>
public static class QStashBusExtensions
{
    /// <summary>
    /// Finds the subscriptions that this service has left behind in URL groups: of endpoints that were removed or renamed, and of
    /// message types that an endpoint does not consume any more.
    /// </summary>
    /// <remarks>
    /// A member belongs to this service if its name says so (see <see cref="IQStashHostConfigurator.ServiceName"/>), whatever its URL.
    /// An endpoint that is connected later counts as removed until then.
    /// </remarks>
    /// <param name="bus">A bus on QStash.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ArgumentException">The bus is on another transport.</exception>
    /// <exception cref="QStash.Client.QStashException">QStash refused, or cannot be reached.</exception>
    public static Task<IReadOnlyList<QStashStaleSubscription>> GetStaleSubscriptions(this IBus bus,
        CancellationToken cancellationToken = default) =>
        QStashBusTopology.ServicesOf(bus).Subscriptions.FindStaleAsync(cancellationToken);

    /// <summary>
    /// Removes what <see cref="GetStaleSubscriptions"/> finds, and nothing of other services. Call it in the step that deploys a
    /// new version, once the old one is gone: the old version may still need what the new one does not.
    /// </summary>
    /// <returns>What was removed.</returns>
    /// <inheritdoc cref="GetStaleSubscriptions"/>
    public static Task<IReadOnlyList<QStashStaleSubscription>> RemoveStaleSubscriptions(this IBus bus,
        CancellationToken cancellationToken = default) =>
        QStashBusTopology.ServicesOf(bus).Subscriptions.RemoveStaleAsync(cancellationToken);
}

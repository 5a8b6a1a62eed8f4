using MassTransit.QStashTransport.Hosting;

namespace MassTransit;

/// <summary>
/// Operations on a running bus on QStash.
/// </summary>
public static class QStashBusExtensions
{
    /// <summary>
    /// Finds the subscriptions that this service has left behind in URL groups: those of endpoints that were removed or renamed, and those
    /// of message types that an endpoint no longer consumes.
    /// </summary>
    /// <remarks>
    /// A member belongs to this service if its name says so (see <see cref="IQStashHostConfigurator.ServiceName"/>), whatever its URL. An
    /// endpoint that is connected after the start counts as removed until it is connected.
    /// </remarks>
    /// <param name="bus">A bus on QStash.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ArgumentException">The bus is on another transport.</exception>
    /// <exception cref="QStash.Client.QStashException">QStash refused, or cannot be reached.</exception>
    public static Task<IReadOnlyList<QStashStaleSubscription>> GetStaleSubscriptions(this IBus bus,
        CancellationToken cancellationToken = default) =>
        QStashBusTopology.ServicesOf(bus).Subscriptions.FindStaleAsync(cancellationToken);

    /// <summary>
    /// Removes the subscriptions that <see cref="GetStaleSubscriptions"/> finds, and none of other services. When you deploy a new version,
    /// call it after the old version has stopped, because the old version may still need them.
    /// </summary>
    /// <returns>The removed subscriptions.</returns>
    /// <inheritdoc cref="GetStaleSubscriptions"/>
    public static Task<IReadOnlyList<QStashStaleSubscription>> RemoveStaleSubscriptions(this IBus bus,
        CancellationToken cancellationToken = default) =>
        QStashBusTopology.ServicesOf(bus).Subscriptions.RemoveStaleAsync(cancellationToken);
}

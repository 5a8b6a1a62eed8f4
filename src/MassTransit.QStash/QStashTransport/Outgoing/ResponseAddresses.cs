using MassTransit.QStashTransport.Addresses;

namespace MassTransit.QStashTransport.Outgoing;

/// <summary>
/// Refuses requests whose response could not arrive. Otherwise the requester would wait until its timeout, without an explanation.
/// </summary>
/// <param name="settings">The addresses of this service.</param>
/// <param name="isTemporary">Whether an address is that of a temporary endpoint of this process.</param>
/// <param name="cannotReceive">Whether it is certain that nothing can be delivered to the bus.</param>
sealed class ResponseAddresses(QStashAddresses settings, Func<Uri, bool> isTemporary, Func<bool> cannotReceive)
{
    /// <summary>Whether an address is an address of this bus, while the bus has none.</summary>
    public bool LeadToNobody(Uri? address) => settings.LeadToNobody(address);

    /// <exception cref="ConfigurationException">The response would get lost.</exception>
    public void Check<T>(SendContext<T> context)
        where T : class
    {
        // A saga gets its responses at its own endpoint, which all replicas have.
        if (context.RequestId is null || context.ResponseAddress is null || !isTemporary(context.ResponseAddress))
            return;

        if (cannotReceive())
            throw new ConfigurationException(QStashAddresses.Advise($"The response to {TypeCache<T>.ShortName}"));

        if (settings.LeadToOthers)
        {
            throw new ConfigurationException($"QStash:InstanceBaseAddress is missing, so the response to {TypeCache<T>.ShortName} may "
                + "reach another process: HasReplicas says that the base address leads to several. Set cfg.Host(h => "
                + "h.InstanceBaseAddress(…)) to an address that leads to this one, "
                + "or use a saga or events in place of the request client.");
        }
    }
}

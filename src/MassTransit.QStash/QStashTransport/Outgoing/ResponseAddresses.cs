using MassTransit.QStashTransport.Addresses;

namespace MassTransit.QStashTransport.Outgoing;

/// <summary>
/// Refuses requests whose response would not come: who asked would wait, and learn no more than that.
/// </summary>
/// <param name="settings">The addresses of this service.</param>
/// <param name="isTemporary">Whether an address is that of an endpoint which only this process has.</param>
/// <param name="cannotReceive">Whether it is known that nothing can be delivered to the bus.</param>
sealed class ResponseAddresses(QStashAddresses settings, Func<Uri, bool> isTemporary, Func<bool> cannotReceive)
{
    /// <summary>Whether the address is one that a bus without an address has.</summary>
    public bool LeadToNobody(Uri? address) => settings.LeadToNobody(address);

    /// <exception cref="ConfigurationException">The response would get lost.</exception>
    public void Check<T>(SendContext<T> context)
        where T : class
    {
        // A saga is answered at its endpoint, which all replicas have.
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

using MassTransit.Transports;

namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// The topology of a bus, which also leads from a bus to its services.
/// </summary>
sealed class QStashBusTopology(QStashHostConfiguration hostConfiguration, QStashTopologyConfiguration configuration) :
    BusTopology(hostConfiguration, configuration)
{
    /// <exception cref="ArgumentException">The bus is on another transport.</exception>
    public static BusServices ServicesOf(IBus bus)
    {
        ArgumentNullException.ThrowIfNull(bus);

        return bus.Topology is QStashBusTopology topology
            ? topology.Services
            : throw new ArgumentException($"The bus {bus.Address} is not on QStash: call x.UsingQStash(...).", nameof(bus));
    }

    BusServices Services => hostConfiguration.Services;
}

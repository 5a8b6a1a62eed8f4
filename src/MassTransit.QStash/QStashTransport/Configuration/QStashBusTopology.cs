using MassTransit.QStashTransport.Reports;
using MassTransit.QStashTransport.Subscriptions;
using MassTransit.Transports;

namespace MassTransit.QStashTransport.Configuration;

sealed class QStashBusTopology(QStashHostConfiguration hostConfiguration, QStashTopologyConfiguration configuration) :
    BusTopology(hostConfiguration, configuration)
{
    public SubscriptionStore Subscriptions => hostConfiguration.Subscriptions;

    // Not before the serializers of the bus are configured.
    public IQStashDeadLetters DeadLetters => field ??= new QStashDeadLetters(hostConfiguration, hostConfiguration.BusConfiguration.Serialization.CreateSerializerCollection());

    /// <exception cref="ArgumentException">The bus is on another transport.</exception>
    public static QStashBusTopology Of(IBus bus)
    {
        ArgumentNullException.ThrowIfNull(bus);

        return bus.Topology as QStashBusTopology ?? throw new ArgumentException($"The bus {bus.Address} is not on QStash: call x.UsingQStash(...).", nameof(bus));
    }
}

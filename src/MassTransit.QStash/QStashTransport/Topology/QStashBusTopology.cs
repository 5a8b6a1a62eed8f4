using MassTransit.QStashTransport.Configuration;
using MassTransit.QStashTransport.Subscriptions;
using MassTransit.Transports;

namespace MassTransit.QStashTransport.Topology;

sealed class QStashBusTopology(QStashHostConfiguration hostConfiguration, QStashTopologyConfiguration configuration) :
    BusTopology(hostConfiguration, configuration)
{
    public SubscriptionStore Subscriptions => hostConfiguration.Subscriptions;
}

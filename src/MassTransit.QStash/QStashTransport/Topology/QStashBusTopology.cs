using MassTransit.Configuration;
using MassTransit.Transports;

namespace MassTransit.QStashTransport.Topology;

sealed class QStashBusTopology(IHostConfiguration hostConfiguration, ITopologyConfiguration configuration) :
    BusTopology(hostConfiguration, configuration);

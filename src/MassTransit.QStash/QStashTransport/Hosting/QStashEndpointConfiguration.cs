using MassTransit.Configuration;

namespace MassTransit.QStashTransport.Hosting;

class QStashEndpointConfiguration : EndpointConfiguration
{
    protected QStashEndpointConfiguration(QStashTopologyConfiguration topology)
        : base(topology) =>
        Topology = topology;

    QStashEndpointConfiguration(QStashEndpointConfiguration parent, QStashTopologyConfiguration topology, bool isBusEndpoint)
        : base(parent, topology, isBusEndpoint) =>
        Topology = topology;

    public new QStashTopologyConfiguration Topology { get; }

    public QStashEndpointConfiguration CreateEndpointConfiguration(bool isBusEndpoint = false) =>
        new(this, new QStashTopologyConfiguration(Topology), isBusEndpoint);
}

using MassTransit.QStashTransport.Addresses;
using MassTransit.Transports;

namespace MassTransit.QStashTransport.Hosting;

sealed class QStashHost(QStashHostConfiguration hostConfiguration, QStashBusTopology busTopology) :
    BaseHost(hostConfiguration, busTopology),
    IHost<IQStashReceiveEndpointConfigurator>
{
    public HostReceiveEndpointHandle ConnectReceiveEndpoint(IEndpointDefinition definition,
        IEndpointNameFormatter? endpointNameFormatter = null, Action<IQStashReceiveEndpointConfigurator>? configureEndpoint = null) =>
        Connect(hostConfiguration.CreateReceiveEndpointConfiguration(definition, endpointNameFormatter, configureEndpoint));

    public HostReceiveEndpointHandle ConnectReceiveEndpoint(string queueName,
        Action<IQStashReceiveEndpointConfigurator>? configureEndpoint = null) =>
        Connect(hostConfiguration.CreateReceiveEndpointConfiguration(queueName, configureEndpoint));

    public override HostReceiveEndpointHandle ConnectReceiveEndpoint(IEndpointDefinition definition,
        IEndpointNameFormatter? endpointNameFormatter, Action<IReceiveEndpointConfigurator>? configureEndpoint = null) =>
        Connect(hostConfiguration.CreateReceiveEndpointConfiguration(definition, endpointNameFormatter, configureEndpoint));

    public override HostReceiveEndpointHandle ConnectReceiveEndpoint(string queueName,
        Action<IReceiveEndpointConfigurator>? configureEndpoint = null) =>
        Connect(hostConfiguration.CreateReceiveEndpointConfiguration(queueName, configureEndpoint));

    HostReceiveEndpointHandle Connect(QStashReceiveEndpointConfiguration configuration)
    {
        LogContext.SetCurrentIfNull(hostConfiguration.LogContext);

        hostConfiguration.CheckNameIsFree(configuration.QueueName);

        if (hostConfiguration.Settings.Addresses.AreMissing)
            throw new ConfigurationException(QStashAddresses.Advise($"Receive endpoint '{configuration.QueueName}'"));

        TransportLogMessages.ConnectReceiveEndpoint(configuration.InputAddress);

        configuration.Validate().ThrowIfContainsFailure("The receive endpoint configuration is invalid:");

        configuration.Build(this);

        return ReceiveEndpoints.Start(configuration.QueueName);
    }

    protected override void Probe(ProbeContext context)
    {
        context.Add("type", "QStash");
        context.Add("baseAddress", hostConfiguration.HostAddress);
    }

    // There is nothing to stop besides the endpoints, because there is no connection to QStash.
    protected override IAgent[] GetAgentHandles() => [];
}

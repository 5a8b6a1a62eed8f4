using MassTransit;

namespace OrderFlow.Orders;

/// <summary>
/// Leaves retries to QStash.
/// </summary>
public class ParcelConsumerDefinition : ConsumerDefinition<ParcelConsumer>
{
    protected override void ConfigureConsumer(IReceiveEndpointConfigurator endpointConfigurator,
        IConsumerConfigurator<ParcelConsumer> consumerConfigurator, IRegistrationContext context) =>
        endpointConfigurator.UseTransportRetry();
}

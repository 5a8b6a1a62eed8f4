namespace MassTransit;

/// <summary>
/// Configures an endpoint that <c>ConfigureEndpoints</c> makes.
/// </summary>
/// <param name="context">The registration context of the bus.</param>
/// <param name="endpointName">The name of the endpoint.</param>
/// <param name="configurator">The endpoint.</param>
public delegate void QStashConfigureEndpointsCallback(IRegistrationContext context, string endpointName,
    IQStashReceiveEndpointConfigurator configurator);

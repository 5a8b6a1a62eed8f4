namespace MassTransit;

/// <summary>
/// Callbacks that give the endpoints of <c>ConfigureEndpoints</c> settings that only QStash has. On a bus with another transport they are
/// not called.
/// </summary>
public static class QStashConfigureEndpointCallbackExtensions
{
    /// <summary>
    /// Configures the endpoint of one consumer, saga or activity.
    /// </summary>
    /// <param name="configurator">The <c>e</c> of <c>x.AddConsumer&lt;T&gt;().Endpoint(e => …)</c>.</param>
    /// <param name="callback">Called when the endpoint is made.</param>
    public static void AddQStashConfigureEndpointCallback(this IEndpointRegistrationConfigurator configurator,
        Action<IRegistrationContext, IQStashReceiveEndpointConfigurator> callback)
    {
        ArgumentNullException.ThrowIfNull(configurator);
        ArgumentNullException.ThrowIfNull(callback);

        configurator.AddConfigureEndpointCallback((context, endpoint) =>
        {
            if (endpoint is IQStashReceiveEndpointConfigurator qstash)
                callback(context, qstash);
        });
    }

    /// <summary>
    /// Configures all endpoints that <c>ConfigureEndpoints</c> makes.
    /// </summary>
    /// <param name="configurator">The configurator of <c>AddMassTransit</c>.</param>
    /// <param name="callback">Called when an endpoint is made.</param>
    public static void AddQStashConfigureEndpointsCallback(this IBusRegistrationConfigurator configurator,
        QStashConfigureEndpointsCallback callback)
    {
        ArgumentNullException.ThrowIfNull(configurator);
        ArgumentNullException.ThrowIfNull(callback);

        configurator.AddConfigureEndpointsCallback((context, name, endpoint) =>
        {
            if (endpoint is IQStashReceiveEndpointConfigurator qstash)
                callback(context, name, qstash);
        });
    }
}

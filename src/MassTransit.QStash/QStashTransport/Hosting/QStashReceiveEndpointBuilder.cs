using MassTransit.Configuration;

namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// Learns from the consumers of an endpoint which message types it subscribes to.
/// </summary>
sealed class QStashReceiveEndpointBuilder(QStashReceiveEndpointConfiguration configuration) : ReceiveEndpointBuilder(configuration)
{
    public override ConnectHandle ConnectConsumePipe<T>(IPipe<ConsumeContext<T>> pipe, ConnectPipeOptions options)
    {
        configuration.MessageTypes.Add(typeof(T));

        if (options.HasFlag(ConnectPipeOptions.ConfigureConsumeTopology))
            configuration.Subscribe<T>();

        return base.ConnectConsumePipe(pipe, options);
    }
}

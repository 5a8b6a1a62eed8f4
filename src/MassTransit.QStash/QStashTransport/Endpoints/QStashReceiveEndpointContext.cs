using MassTransit.Configuration;
using MassTransit.QStashTransport.Incoming;
using MassTransit.QStashTransport.Outgoing;
using MassTransit.QStashTransport.Topology;
using MassTransit.Transports;
using QStash.Client;

namespace MassTransit.QStashTransport.Endpoints;

/// <summary>
/// The context that the pipelines of one endpoint use.
/// </summary>
sealed class QStashReceiveEndpointContext : BaseReceiveEndpointContext
{
    readonly QStashTransportProvider _transportProvider;

    public QStashReceiveEndpointContext(IHostConfiguration hostConfiguration, IReceiveEndpointConfiguration configuration,
        EndpointServices services)
        : base(hostConfiguration, configuration)
    {
        _transportProvider = new QStashTransportProvider(services.Outgoing, this);

        var deadLetterTransport = new QStashDeadLetterTransport(Serialization);
        GetOrAddPayload<IErrorTransport>(() => deadLetterTransport);
        GetOrAddPayload<IDeadLetterTransport>(() => deadLetterTransport);
        GetOrAddPayload(() => hostConfiguration.Topology);
        GetOrAddPayload(() => services.Attempts);
        GetOrAddPayload(() => services.Scheduling);
    }

    public required bool DeadLetterExpiredMessages { get; init; }

    /// <summary>The limits that the endpoint wants for flow control keys.</summary>
    public required IReadOnlyList<QStashFlowControlSettings> FlowControlPins { get; init; }

    /// <summary>The message types the bus knows.</summary>
    public required KnownMessageTypes MessageTypes { get; init; }

    // Agents are the connections of a transport for a broker; HTTP needs none.
    public override void AddSendAgent(IAgent agent) => throw new NotSupportedException();

    public override void AddConsumeAgent(IAgent agent) => throw new NotSupportedException();

    // Always transient, even for a refused token: consuming needs no token, so the endpoint continues, and the health check reports the
    // failure.
    public override Exception ConvertException(Exception exception, string message) =>
        exception as ConnectionException ?? new ConnectionException(message + exception.Message, exception);

    protected override ISendTransportProvider CreateSendTransportProvider() => _transportProvider;

    protected override IPublishTransportProvider CreatePublishTransportProvider() => _transportProvider;
}

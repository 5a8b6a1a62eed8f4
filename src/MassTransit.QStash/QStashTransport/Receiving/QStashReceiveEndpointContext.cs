using MassTransit.QStashTransport.Callbacks;
using MassTransit.QStashTransport.Configuration;
using MassTransit.QStashTransport.Sending;
using MassTransit.QStashTransport.Topology;
using MassTransit.QStashTransport.Wire;
using MassTransit.Transports;
using QStash.Client;

namespace MassTransit.QStashTransport.Receiving;

/// <summary>
/// What the pipelines of one endpoint need.
/// </summary>
sealed class QStashReceiveEndpointContext : BaseReceiveEndpointContext
{
    readonly QStashTransportProvider _transportProvider;

    public QStashReceiveEndpointContext(QStashHostConfiguration hostConfiguration, QStashReceiveEndpointConfiguration configuration)
        : base(hostConfiguration, configuration)
    {
        _transportProvider = new QStashTransportProvider(hostConfiguration, this);

        var deadLetterTransport = new QStashDeadLetterTransport(Serialization);

        GetOrAddPayload<IErrorTransport>(() => deadLetterTransport);
        GetOrAddPayload<IDeadLetterTransport>(() => deadLetterTransport);
        GetOrAddPayload(() => hostConfiguration.Topology);
        GetOrAddPayload(() => hostConfiguration);

        MessageTypes = configuration.MessageTypes;
        Proof = hostConfiguration.Proof;
        DeadLetterExpiredMessages = configuration.DeadLetterExpiredMessages;
        FlowControl = new FlowControlDeployment(hostConfiguration, configuration.FlowControlPins);
    }

    public bool DeadLetterExpiredMessages { get; }
    public FlowControlDeployment FlowControl { get; }

    /// <summary>The message types the bus knows.</summary>
    public KnownMessageTypes MessageTypes { get; }

    public AccountProof Proof { get; }

    // Agents are the connections of a broker transport; over HTTP there are none.
    public override void AddSendAgent(IAgent agent) => throw new NotSupportedException();
    public override void AddConsumeAgent(IAgent agent) => throw new NotSupportedException();

    // Always transient, a refused token too: consuming needs no token, so the endpoint goes on, and the health check tells.
    public override Exception ConvertException(Exception exception, string message) =>
        exception as ConnectionException ?? new ConnectionException(message + exception.Message, exception);

    protected override ISendTransportProvider CreateSendTransportProvider() => _transportProvider;
    protected override IPublishTransportProvider CreatePublishTransportProvider() => _transportProvider;
}

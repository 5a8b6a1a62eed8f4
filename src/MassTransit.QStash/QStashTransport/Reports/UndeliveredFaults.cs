using System.Globalization;
using MassTransit.Events;
using MassTransit.Metadata;
using MassTransit.QStashTransport.Outgoing;
using MassTransit.QStashTransport.Topology;
using MassTransit.QStashTransport.Wire;
using MassTransit.Transports;

namespace MassTransit.QStashTransport.Reports;

/// <summary>
/// Sends the fault of a message whose endpoint could not send it. Without it a requester would wait in vain.
/// </summary>
sealed class UndeliveredFaults(ReceiveEndpointContext context, KnownMessageTypes messageTypes, TimeProvider timeProvider)
{
    /// <param name="report">A failure that no receive endpoint gave a reason for.</param>
    /// <param name="source">The message that failed.</param>
    /// <param name="isProven">
    /// Whether a bus of the account sent the message. Then any message type of the application is accepted, and the fault is sent to the
    /// fault or response address of the message. Otherwise only a type that this bus knows is accepted, and the fault is published. A
    /// header that anybody could have added to a captured request must not send anything to an address of their choice.
    /// </param>
    /// <param name="cancellationToken">Cancels the send.</param>
    public async Task Raise(QStashDeliveryFailed report, SerializerContext source, bool isProven, CancellationToken cancellationToken)
    {
        var found = isProven ? MessageTypeFinder.Find(source.SupportedMessageTypes) : null;

        if ((found ?? messageTypes.Find(source.SupportedMessageTypes)) is not { } messageType
            || !TryRead(source, messageType, out var message))
        {
            LogContext.Warning?.Log("No fault is raised for {MessageId}, as this service does not know its type: {MessageTypes}",
                report.QStashMessageId, source.SupportedMessageTypes);

            return;
        }

        var fault = (IFault)Activator.CreateInstance(typeof(UndeliveredFault<>).MakeGenericType(messageType))!;

        var address = isProven ? source.FaultAddress ?? source.ResponseAddress : null;

        try
        {
            await fault.Send(this, message, report, source, address, cancellationToken).ConfigureAwait(false);
        }
        // The consumer of the report is told all the same.
        catch (Exception failure) when (UnsendableFault.Is(failure))
        {
            LogContext.Error?.Log(failure, "No fault is raised for {MessageId}, as it cannot be sent: {MessageTypes}",
                report.QStashMessageId, source.SupportedMessageTypes);
        }
    }

    static bool TryRead(SerializerContext source, Type messageType, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out object? message)
    {
        try
        {
            return source.TryGetMessage(messageType, out message);
        }
        catch (Exception exception)
        {
            LogContext.Debug?.Log(exception, "The message cannot be read as {MessageType}", messageType);
            message = null;

            return false;
        }
    }

    static string Describe(QStashDeliveryFailed report)
    {
        var last = report.Status == 0 ? "the last one got no answer"
            : string.Create(CultureInfo.InvariantCulture, $"the last answer was {report.Status}");

        return string.Create(CultureInfo.InvariantCulture,
            $"QStash gave up after {report.Retried + 1} attempt(s): {last}. The message is in the dead letter queue as {report.DlqId}.");
    }

    async Task Send<T>(T message, QStashDeliveryFailed report, SerializerContext source, Uri? address,
        CancellationToken cancellationToken)
        where T : class
    {
        var messageId = MessageIdOf.Fault(report.QStashMessageId, report.Retried, report.DlqId);

        var fault = new FaultEvent<T>(message, report.MessageId, HostMetadataCache.Host,
            new TransportException(report.Url!, Describe(report)),
            source.SupportedMessageTypes)
        {
            FaultId = messageId,
            Timestamp = timeProvider.GetUtcNow().UtcDateTime,
        };

        var endpoint = address is not null
            ? await context.SendEndpointProvider.GetSendEndpoint(address).ConfigureAwait(false)
            : await context.PublishEndpointProvider.GetPublishSendEndpoint<Fault<T>>().ConfigureAwait(false);

        await endpoint.Send<Fault<T>>(fault, Pipe.Execute<SendContext<Fault<T>>>(send =>
        {
            // The deduplication id is made of this id, so a callback that arrives twice raises only one fault.
            send.MessageId = messageId;
            send.RequestId = source.RequestId;
            send.CorrelationId = source.CorrelationId;
            send.ConversationId = source.ConversationId;
            send.InitiatorId = source.CorrelationId ?? source.MessageId;

            // A message that a callback caused must not have callbacks itself: they would continue without end.
            if (send.TryGetPayload(out IOutgoingMessage? outgoing))
                outgoing.RemoveCallbacksOfBus();
        }), cancellationToken).ConfigureAwait(false);
    }

    interface IFault
    {
        Task Send(UndeliveredFaults faults, object message, QStashDeliveryFailed report, SerializerContext source, Uri? address,
            CancellationToken cancellationToken);
    }

    sealed class UndeliveredFault<T> : IFault
        where T : class
    {
        public Task Send(UndeliveredFaults faults, object message, QStashDeliveryFailed report, SerializerContext source, Uri? address,
            CancellationToken cancellationToken) =>
            faults.Send((T)message, report, source, address, cancellationToken);
    }
}

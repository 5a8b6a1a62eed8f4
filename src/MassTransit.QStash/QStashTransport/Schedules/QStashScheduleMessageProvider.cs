using MassTransit.QStashTransport.Wire;
using MassTransit.Scheduling;
using MassTransit.Transports;

namespace MassTransit.QStashTransport.Schedules;

/// <summary>
/// Schedules messages with a delay of QStash, and cancels them by the label that contains the token.
/// </summary>
/// <param name="services">
/// Gets the services of the bus when a message is scheduled or cancelled; throws when the bus is on another transport.
/// </param>
/// <param name="sendEndpointProvider">The send endpoint provider for scheduled messages.</param>
sealed class QStashScheduleMessageProvider(Func<SchedulingServices> services, ISendEndpointProvider sendEndpointProvider) :
    IScheduleMessageProvider
{
    public async Task<ScheduledMessage<T>> ScheduleSend<T>(Uri destinationAddress, DateTime scheduledTime, T message,
        IPipe<SendContext<T>> pipe,
        CancellationToken cancellationToken)
        where T : class
    {
        if (!MessageTypeCache<T>.IsValidMessageType)
            throw new ArgumentException(MessageTypeCache<T>.InvalidMessageTypeReason, nameof(T));

        var schedulePipe = new ScheduledSendPipe<T>(pipe, ScheduleTokenIdCache<T>.GetTokenId(message),
            ScheduledTime.Read(scheduledTime, services().Time));

        var endpoint = await sendEndpointProvider.GetSendEndpoint(destinationAddress).ConfigureAwait(false);
        await endpoint.Send(message, schedulePipe, cancellationToken).ConfigureAwait(false);

        return new ScheduledMessageHandle<T>(schedulePipe.TokenId, scheduledTime, destinationAddress, message);
    }

    public async Task CancelScheduledSend(Guid tokenId, CancellationToken cancellationToken)
    {
        await services().Labels.CancelAsync(ScheduleToken.ToLabel(tokenId), cancellationToken).ConfigureAwait(false);

        LogContext.Debug?.Log("CANCEL {TokenId}", tokenId);
    }

    // The token is enough to find the message, so the destination is not used.
    public Task CancelScheduledSend(Uri destinationAddress, Guid tokenId, CancellationToken cancellationToken) =>
        CancelScheduledSend(tokenId, cancellationToken);

    sealed class ScheduledSendPipe<T>(IPipe<SendContext<T>> pipe, Guid tokenId, DateTimeOffset notBefore) : SendContextPipeAdapter<T>(pipe)
        where T : class
    {
        SendContext? _context;

        /// <summary>The token, which the caller's pipe may have replaced.</summary>
        public Guid TokenId => _context?.ScheduledMessageId ?? tokenId;

        protected override void Send(SendContext<T> context)
        {
            _context = context;
            context.ScheduledMessageId = tokenId;
            context.Headers.Set(MessageHeaders.SchedulingTokenId, tokenId.ToString("D"));

            if (context.TryGetPayload(out QStashSendContext? sendContext))
                sendContext.Delivery.NotBefore = notBefore;
        }

        protected override void Send<TMessage>(SendContext<TMessage> context)
        {
        }
    }
}

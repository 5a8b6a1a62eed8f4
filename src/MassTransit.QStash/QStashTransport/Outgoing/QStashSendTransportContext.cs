using MassTransit.Middleware;
using MassTransit.QStashTransport.Addresses;
using MassTransit.QStashTransport.Wire;
using MassTransit.Serialization;
using MassTransit.Transports;

namespace MassTransit.QStashTransport.Outgoing;

/// <summary>
/// Sends the messages for one destination: a URL, or the URL groups of a message type's hierarchy.
/// </summary>
sealed class QStashSendTransportContext : BaseSendTransportContext, SendTransportContext<PipeContext>
{
    static readonly TimeSpan ShortestDelay = TimeSpan.FromSeconds(1);

    static readonly string[] ReportTypes =
        [MessageUrn.ForTypeString<QStashDelivered>(), MessageUrn.ForTypeString<QStashDeliveryAttemptFailed>(),
            MessageUrn.ForTypeString<QStashDeliveryFailed>()];

    readonly string? _endpointName;
    readonly OutgoingServices _services;
    readonly Uri? _url;

    public QStashSendTransportContext(OutgoingServices services, ISerialization serialization, Uri address)
        : base(services.Host, serialization)
    {
        _services = services;

        if (address.Scheme == KnownAddresses.UrlGroupScheme)
            EntityName = UrlGroupName.Checked(address.AbsolutePath);
        else if (address.Scheme == KnownAddresses.QueueScheme)
            EntityName = _endpointName = address.AbsolutePath;
        else
        {
            _url = address;
            EntityName = address.GetEndpointName() ?? address.AbsoluteUri;
        }
    }

    public override string EntityName { get; }

    public override string ActivitySystem => "qstash";

    public override async Task<SendContext<T>> CreateSendContext<T>(T message, IPipe<SendContext<T>> pipe,
        CancellationToken cancellationToken)
    {
        message = await ContractAddresses.ResolveAsync(message, _services.Addresses, cancellationToken).ConfigureAwait(false);

        var context = new QStashMessageSendContext<T>(message, _services.Delivery, cancellationToken)
        {
            Url = _endpointName is null
                ? _url
                : await _services.Addresses.FindAsync(_endpointName, cancellationToken).ConfigureAwait(false),
        };

        // The topics are found here and not when the transport is created, because a scheduled publish and an outbox send to the address of
        // the group, and only this method knows the message type.
        if (context.Url is null)
            context.UrlGroups = GetUrlGroups<T>();

        ContractExceptions.Clean(message);
        await pipe.Send(context).ConfigureAwait(false);

        // The body of a message that an outbox sends again is already written.
        if (context.Delivery.PlainJson && MessageTypeCache<T>.IsValidMessageType)
            context.Serializer = new SystemTextJsonRawMessageSerializer(RawSerializerOptions.AnyMessageType);

        // This comes before the body is written and before an outbox stores the message, because both contain these headers.
        EnvelopeFacts.WriteSchedule(context.Headers, context.Recurrence?.ToMessageSchedule(_services.Service));
        SetCause(context);
        if (_services.Responses.LeadToNobody(context.SourceAddress))
            context.SourceAddress = null;

        if (IsDueToReport(context))
            context.RemoveCallbacksOfBus();

        await SendAddresses.ResolveAsync(context, _services.Addresses).ConfigureAwait(false);

        return context;
    }

    public Task<SendContext<T>> CreateSendContext<T>(PipeContext context, T message, IPipe<SendContext<T>> pipe,
        CancellationToken cancellationToken)
        where T : class =>
        CreateSendContext(message, pipe, cancellationToken);

    public Task Send(IPipe<PipeContext> pipe, CancellationToken cancellationToken) => pipe.Send(new SendPipeContext(cancellationToken));

    public Task Send<T>(PipeContext transportContext, SendContext<T> sendContext)
        where T : class
    {
        var context = (QStashMessageSendContext<T>)sendContext;
        if (!JobOrderConvention.IsSentLast<T>() || ConsumedMessage.FindDelivery(context) is not { } delivery)
            return Send(context);

        delivery.SendLast(() => Send(context));

        return Task.CompletedTask;
    }

    public void Probe(ProbeContext context) => context.Add("destination", _url?.AbsoluteUri ?? EntityName);

    async Task Send<T>(QStashMessageSendContext<T> context)
        where T : class
    {
        context.CancellationToken.ThrowIfCancellationRequested();

        // Resolve the addresses again, because observers may have changed them, and an outbox reads them from its store.
        await SendAddresses.ResolveAsync(context, _services.Addresses).ConfigureAwait(false);
        _services.Responses.Check(context);
        await WaitForRedelivery(context).ConfigureAwait(false);

        if (context.Recurrence is { } recurrence)
        {
            await CheckTimes(context, recurrence).ConfigureAwait(false);

            var destinations = context.Url is null ? WithoutDirectory(context.UrlGroups) : [context.Url.AbsoluteUri];
            await _services.Schedules.DeployAsync(
                recurrence, _services.Messages.CreateSchedules(context, recurrence, destinations),
                    context.CancellationToken).ConfigureAwait(false);
        }
        else
        {
            var destinations = context.Url is null
                ? await _services.Layout.ResolveAsync(context.UrlGroups, context.CancellationToken).ConfigureAwait(false)
                : [context.Url.AbsoluteUri];
            context.Receipts = await _services.Publisher.PublishAsync(
                _services.Messages.CreateMessages(context, destinations), typeof(T), context.CancellationToken).ConfigureAwait(false);

            if (context is { Url: null, Receipts.Count: 0 })
                ReportNobody(context);
        }
    }

    void ReportNobody<T>(QStashMessageSendContext<T> context)
        where T : class
    {
        _services.Publisher.ReportNobody(typeof(T), context.UrlGroups);

        if (context.Mandatory)
        {
            throw new PublishException(
                $"{TypeCache<T>.ShortName} is mandatory, and nobody subscribes to it: {string.Join(", ", context.UrlGroups)}");
        }
    }

    // QStash counts delays in whole seconds, so a redelivery after less than a second would come late. The transport waits for it within
    // the delivery and on the system clock, as UseMessageRetry does. If the wait is interrupted, the message is not lost, because the
    // delivery has not been answered.
    async Task WaitForRedelivery<T>(QStashMessageSendContext<T> context)
        where T : class
    {
        if (!context.TryGetPayload(out ConsumeContext? consumeContext) || context.Headers.Get<int>(MessageHeaders.RedeliveryCount) is null)
            return;

        var delay = context.Delivery.NotBefore - _services.Time.GetUtcNow() ?? context.Delay;
        if (delay is not { } wait || wait <= TimeSpan.Zero || wait >= ShortestDelay)
            return;

        await Task.Delay(wait, TimeProvider.System, consumeContext.CancellationToken).ConfigureAwait(false);
        (context.Delay, context.Delivery.NotBefore) = (null, null);
    }

    // The receiving endpoint has to apply the start and the end.
    async ValueTask CheckTimes<T>(QStashMessageSendContext<T> context, Recurrence recurrence)
        where T : class
    {
        if (context.Url is not null && recurrence is not { StartTime: null, EndTime: null }
            && !await _services.Addresses.IsEndpointAsync(context.Url, context.CancellationToken).ConfigureAwait(false))
            throw new ArgumentException($"{Recurrence.DescribeNoEndpoint(context.Url)}.");
    }

    IReadOnlyList<string> WithoutDirectory(IReadOnlyList<string> urlGroups) =>
        _services.Schedules.WhyNotPublished is { } reason ? throw new NotSupportedException(reason) : urlGroups;

    // Computed once for each send, while the message is still an object; an outbox stores the result.
    void SetCause<T>(QStashMessageSendContext<T> context)
        where T : class
    {
        if (context.Cause is not null || ConsumedMessage.Find(context) is not { } consumed)
            return;

        if (!consumed.IsSentOnBy(context))
        {
            // A new message with its own deduplication id is the same message, whichever delivery made the consumer send it.
            context.Cause = context.OwnDeduplicationId is null ? consumed.Cause : "";
            return;
        }

        EnvelopeFacts.WriteHop(context.Headers, consumed.Hop + 1);

        var content = ConsumedMessage.DescribeCopy(context);
        var copy = consumed.CountCopy($"{context.Url?.AbsoluteUri ?? EntityName}\n{content}");
        context.Cause = DeduplicationId.CauseOfCopy(consumed.Cause, content, copy);
    }

    IReadOnlyList<string> GetUrlGroups<T>()
        where T : class
    {
        // An outbox replays a message as SerializedMessageBody, which has no type hierarchy. The properties restore the stored topics.
        if (!MessageTypeCache<T>.IsValidMessageType)
            return [EntityName];

        var topology = _services.Topology.GetUrlGroupTopology(typeof(T));

        return topology.UrlGroup == EntityName ? topology.UrlGroups : [EntityName];
    }

    // True for a report that is forwarded or redelivered, and for messages that its consumer sends. Callbacks about them would cause
    // further callbacks without end.
    static bool IsDueToReport<T>(QStashMessageSendContext<T> context)
        where T : class =>
        typeof(T).IsAssignableTo(typeof(QStashDeliveryReport))
        || (context.TryGetPayload(out ConsumeContext? consumeContext) && consumeContext.SupportedMessageTypes.Any(ReportTypes.Contains));

    sealed class SendPipeContext(CancellationToken cancellationToken) : BasePipeContext(cancellationToken);
}

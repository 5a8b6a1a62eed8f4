using MassTransit.Middleware;
using MassTransit.QStashTransport.Callbacks;
using MassTransit.QStashTransport.Configuration;
using MassTransit.QStashTransport.Receiving;
using MassTransit.QStashTransport.Scheduling;
using MassTransit.QStashTransport.Topology;
using MassTransit.QStashTransport.Wire;
using MassTransit.Serialization;
using MassTransit.Transports;
using QStash.Client;

namespace MassTransit.QStashTransport.Sending;

/// <summary>
/// Sends the messages for one destination: a URL, or the URL groups of a message type's hierarchy.
/// </summary>
sealed class QStashSendTransportContext : BaseSendTransportContext, SendTransportContext<PipeContext>
{
    readonly string? _endpointName;
    static readonly TimeSpan ShortestDelay = TimeSpan.FromSeconds(1);

    readonly QStashHostConfiguration _hostConfiguration;
    readonly Uri? _url;

    public QStashSendTransportContext(QStashHostConfiguration hostConfiguration, ISerialization serialization, Uri address)
        : base(hostConfiguration, serialization)
    {
        _hostConfiguration = hostConfiguration;

        if (address.Scheme == QStashTransportProvider.UrlGroupScheme)
            EntityName = UrlGroupName.Checked(address.AbsolutePath);
        else if (address.Scheme == QStashTransportProvider.QueueScheme)
            EntityName = _endpointName = address.AbsolutePath;
        else
        {
            _url = address;
            EntityName = address.GetEndpointName() ?? address.AbsoluteUri;
        }
    }

    public override string EntityName { get; }
    public override string ActivitySystem => "qstash";

    public override async Task<SendContext<T>> CreateSendContext<T>(T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
    {
        message = await ContractAddresses.ResolveAsync(message, Resolve).ConfigureAwait(false);

        var context = new QStashMessageSendContext<T>(message, _hostConfiguration.Settings.DeliverySettings, cancellationToken)
        {
            Url = _endpointName is null ? _url : await _hostConfiguration.FindEndpointAsync(_endpointName, cancellationToken).ConfigureAwait(false),
        };

        // Worked out here and not where the transport is made, because a scheduled publish and an outbox send to the address of
        // the group, where nothing else tells the message type.
        if (context.Url is null)
            context.UrlGroups = GetUrlGroups<T>();

        await pipe.Send(context).ConfigureAwait(false);

        // What an outbox sends again is written already.
        if (context.Delivery.PlainJson && MessageTypeCache<T>.IsValidMessageType)
            context.Serializer = new SystemTextJsonRawMessageSerializer(RawSerializerOptions.AnyMessageType);

        // Before the body is written, and before an outbox takes the message: both keep what is said here.
        EnvelopeFacts.WriteSchedule(context.Headers, context.Recurrence?.ToMessageSchedule(_hostConfiguration.ServiceIdentity));
        SetCause(context);

        if (_hostConfiguration.Settings.Addresses.LeadToNobody(context.SourceAddress))
            context.SourceAddress = null;

        if (IsDueToReport(context))
            context.RemoveCallbacksOfBus();

        // Now, because an outbox writes the body next.
        await SendAddresses.ResolveAsync(context, _hostConfiguration).ConfigureAwait(false);

        return context;

        async ValueTask<Uri> Resolve(Uri address, string what) =>
            (await SendAddresses.ResolveAsync(address, what, _hostConfiguration, cancellationToken).ConfigureAwait(false))!;
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

        if (!JobOrderConvention.IsSentLast<T>() || !context.TryGetPayload(out ConsumeContext? consumeContext)
            || !consumeContext.ReceiveContext.TryGetPayload(out QStashDelivery? delivery))
            return Send(context);

        delivery.SendLast(() => Send(context));

        return Task.CompletedTask;
    }

    async Task Send<T>(QStashMessageSendContext<T> context)
        where T : class
    {

        context.CancellationToken.ThrowIfCancellationRequested();

        // Observers have seen it since, and an outbox read it from its store.
        await SendAddresses.ResolveAsync(context, _hostConfiguration).ConfigureAwait(false);

        CheckResponseAddress(context);

        await WaitForRedelivery(context).ConfigureAwait(false);

        // The deduplication id is made of it: without one, two messages would count as the same.
        context.MessageId ??= NewId.NextGuid();

        // What recurs is a new message each time, and as fresh.
        if (context.Recurrence is not null)
            context.TimeToLive = null;

        // The body first: raw serializers add headers while they write it.
        ReadOnlyMemory<byte> body = context.Body.GetBytes();
        CheckSize(context, body.Length);
        var headers = OutgoingHeaders.Encode(context, context.Recurrence is not null, _hostConfiguration.TimeProvider.GetUtcNow(), body, _hostConfiguration.Proof);

        if (context.Recurrence is not null)
            await Deploy(context, context.Recurrence, body, headers).ConfigureAwait(false);
        else if (context.Url is null)
            await Publish(context, body, headers).ConfigureAwait(false);
        else
        {
            var message = CreateMessage(context, context.Url.AbsoluteUri, body, headers);
            var receipts = await _hostConfiguration.Delays.PublishAsync(message, typeof(T), context.CancellationToken).ConfigureAwait(false);

            context.Receipts = Complete(receipts, message);
        }
    }

    public void Probe(ProbeContext context) => context.Add("destination", _url?.AbsoluteUri ?? EntityName);

    // Once for each send, while the message is still an object: an outbox keeps the answer.
    void SetCause<T>(QStashMessageSendContext<T> context)
        where T : class
    {
        if (context.Cause is not null || ConsumedMessage.Find(context) is not { } consumed)
            return;

        if (!consumed.IsSentOnBy(context))
        {
            // A message of its own that has an id of its own is the same whatever made the consumer send it.
            context.Cause = context.OwnDeduplicationId is null ? consumed.Cause : "";
            return;
        }

        EnvelopeFacts.WriteHop(context.Headers, consumed.Hop + 1);

        var content = ConsumedMessage.DescribeCopy(context);
        var copy = consumed.CountCopy($"{context.Url?.AbsoluteUri ?? EntityName}\n{content}");
        context.Cause = DeduplicationId.CauseOfCopy(consumed.Cause, content, copy);
    }

    // Null for a message that is not deduplicated.
    static string? CreateDeduplicationId<T>(QStashMessageSendContext<T> context, string destination)
        where T : class
    {
        var ownId = context.OwnDeduplicationId;

        return ownId is null && context.Delivery.Deduplication == QStashDeduplication.None
            ? null
            : DeduplicationId.Create(context.MessageId, ownId, destination, context.SupportedMessageTypes ?? [],
                context.Headers.Get<int>(MessageHeaders.RedeliveryCount) ?? 0, context.Cause);
    }

    // QStash knows whole seconds, so a redelivery that is due sooner would come late. It is waited for within the delivery, and on the
    // system clock, as UseMessageRetry does. Nothing is lost when that breaks off: the delivery has not been answered.
    async Task WaitForRedelivery<T>(QStashMessageSendContext<T> context)
        where T : class
    {
        if (context.Headers.Get<int>(MessageHeaders.RedeliveryCount) is null || !context.TryGetPayload(out ConsumeContext? consumeContext))
            return;

        var delay = context.Delivery.NotBefore - _hostConfiguration.TimeProvider.GetUtcNow() ?? context.Delay;

        if (delay is not { } wait || wait <= TimeSpan.Zero || wait >= ShortestDelay)
            return;

        await Task.Delay(wait, TimeProvider.System, consumeContext.CancellationToken).ConfigureAwait(false);

        (context.Delay, context.Delivery.NotBefore) = (null, null);
    }

    IReadOnlyList<string> GetUrlGroups<T>()
        where T : class
    {
        // An outbox replays as SerializedMessageBody, which has no hierarchy; the properties restore what was worked out before.
        if (!MessageTypeCache<T>.IsValidMessageType)
            return [EntityName];

        var topology = ((QStashBusConfiguration)_hostConfiguration.BusConfiguration).Topology.Publish.GetUrlGroupTopology(typeof(T));

        return topology.UrlGroup == EntityName ? topology.UrlGroups : [EntityName];
    }

    // A report that is sent on, or redelivered, and whatever its consumer sends.
    static bool IsDueToReport<T>(QStashMessageSendContext<T> context)
        where T : class =>
        typeof(T).IsAssignableTo(typeof(QStashDeliveryReport))
        || (context.TryGetPayload(out ConsumeContext? consumeContext) && DeliveryReports.IsReport(consumeContext.SupportedMessageTypes));

    async Task Deploy<T>(QStashMessageSendContext<T> context, Recurrence recurrence, ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> headers)
        where T : class
    {
        if (context.Url is not null
            && RecurringSchedules.CheckLimits(_hostConfiguration, recurrence, context.Url) is { } problem
            && !await _hostConfiguration.NamedEndpoints.HasUrlAsync(context.Url.AbsoluteUri, context.CancellationToken).ConfigureAwait(false))
        {
            throw new ArgumentException($"{problem}.");
        }

        // Beside the body nothing is signed: a captured tick could be made one of a schedule that is over.
        if (recurrence is not { StartTime: null, EndTime: null } && !TransportHeaders.IsEnvelope(context.ContentType))
            throw new ArgumentException($"StartTime and EndTime travel in MassTransit's envelope, and {TypeCache<T>.ShortName} is sent as {context.ContentType}, which has none. Leave them out, or send it with the default serializer.");

        var schedules = Destinations(context).Select(destination => CreateSchedule(context, recurrence, destination, body, headers)).ToArray();

        await _hostConfiguration.RecurringSchedules.DeployAsync(recurrence, schedules, context.CancellationToken).ConfigureAwait(false);
    }

    async Task Publish<T>(QStashMessageSendContext<T> context, ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> headers)
        where T : class
    {
        var destinations = await _hostConfiguration.Subscriptions.ResolveAsync(context.UrlGroups, context.CancellationToken).ConfigureAwait(false);
        var messages = new QStashMessage[destinations.Count];
        for (var i = 0; i < messages.Length; i++)
            messages[i] = CreateMessage(context, destinations[i], body, headers);

        context.Receipts = await Publish<T>(messages, context.CancellationToken).ConfigureAwait(false);

        if (context.Receipts.Count > 0)
            return;

        _hostConfiguration.MissingUrlGroups.Report(typeof(T), context.UrlGroups);

        if (context.Mandatory)
            throw new PublishException($"{TypeCache<T>.ShortName} is mandatory, and nobody subscribes to it: {string.Join(", ", context.UrlGroups)}");
    }

    /// <summary>Publishes a message to each of its destinations. There is no receipt when nobody subscribes.</summary>
    async Task<IReadOnlyList<QStashReceipt>> Publish<T>(QStashMessage[] messages, CancellationToken cancellationToken)
    {
        // A batch carries bodies as JSON strings, so binary ones go one by one.
        if (messages.Length < 2 || !messages[0].CanBatch)
            return await PublishOneByOne<T>(messages, cancellationToken).ConfigureAwait(false);

        IReadOnlyList<QStashBatchResult> results;

        try
        {
            results = await _hostConfiguration.Delays.BatchAsync(messages, typeof(T), cancellationToken).ConfigureAwait(false);
        }
        catch (QStashException exception) when (exception is QStashNotFoundException or QStashBadRequestException)
        {
            // Refused as a whole for one of its messages.
            return await PublishOneByOne<T>(messages, cancellationToken).ConfigureAwait(false);
        }

        QStashMessage[] refused = messages.Zip(results)
            .Where(pair => pair.Second.Error is { } error && !MissingUrlGroups.IsSaid(pair.First.Destination, error))
            .Select(pair => CanRepeat(pair.First, pair.Second)
                ? pair.First
                : throw new QStashException($"QStash refused to publish to some endpoints of {pair.First.Destination}: {pair.Second.Error}", error: pair.Second.Error))
            .ToArray();

        // Alone they get a full answer: of what kind the refusal is, or when a limit ends, which can be waited for.
        var receipts = await PublishOneByOne<T>(refused, cancellationToken).ConfigureAwait(false);

        return [.. messages.Zip(results).SelectMany(pair => Complete(pair.Second.Receipts, pair.First)), .. receipts];
    }

    // What was not sent at all, or what QStash recognises.
    static bool CanRepeat(QStashMessage message, QStashBatchResult result) => result.Receipts.Count == 0 || message.DeduplicationId is not null;

    async Task<IReadOnlyList<QStashReceipt>> PublishOneByOne<T>(QStashMessage[] messages, CancellationToken cancellationToken)
    {
        var receipts = new List<QStashReceipt>();

        foreach (var message in messages)
        {
            try
            {
                receipts.AddRange(Complete(await _hostConfiguration.Delays.PublishAsync(message, typeof(T), cancellationToken).ConfigureAwait(false), message));
            }
            catch (QStashException exception)
            {
                if (!await _hostConfiguration.MissingUrlGroups.IsMissingAsync(message.Destination, exception, cancellationToken).ConfigureAwait(false))
                    throw;
            }
        }

        return receipts;
    }

    // QStash tells where each copy for a URL group goes, and not always so for a URL.
    static QStashReceipt[] Complete(IReadOnlyList<QStashReceipt> receipts, QStashMessage message)
    {
        var completed = new QStashReceipt[receipts.Count];
        for (var i = 0; i < completed.Length; i++)
            completed[i] = receipts[i] is { Url: null } receipt && !LegalName.Is(message.Destination) ? receipt with { Url = message.Destination } : receipts[i];

        return completed;
    }

    IReadOnlyList<string> Destinations<T>(QStashMessageSendContext<T> context)
        where T : class
    {
        if (context.Url is not null)
            return [context.Url.AbsoluteUri];

        return _hostConfiguration.Settings.Directory is null ? context.UrlGroups : throw new NotSupportedException(RecurringSchedules.NoDirectory);
    }

    QStashScheduleDefinition CreateSchedule<T>(QStashMessageSendContext<T> context, Recurrence recurrence, string destination,
        ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> headers)
        where T : class
    {
        var schedule = new QStashScheduleDefinition(context.Delivery)
        {
            Destination = destination,
            Cron = recurrence.Cron,
            Delay = context.Delay > TimeSpan.Zero ? context.Delay : null,
            ScheduleId = context.Url is null ? RecurringScheduleId.ForUrlGroup(recurrence.ScheduleId, destination) : recurrence.ScheduleId,
            Queue = context.FifoQueue,
            Body = body,
            ContentType = context.ContentType.ToString(),
        };

        if (recurrence.ToMessageSchedule(_hostConfiguration.ServiceIdentity).Label is { } label)
            schedule.Labels.Add(label);

        if (recurrence.Deployed is not null)
            schedule.Labels.Add(CreateFingerprint(context, recurrence));

        Complete(schedule, context, body, headers);

        return schedule;
    }

    static string CreateFingerprint<T>(QStashMessageSendContext<T> context, Recurrence recurrence)
        where T : class =>
        ScheduleFingerprint.Create(context, context.Message, StoredSend.Write(context.Delivery), context.FifoQueue, recurrence.StartTime, recurrence.EndTime);

    // Who asked would wait for a response that another replica gets, and learn no more than that it did not come.
    void CheckResponseAddress<T>(QStashMessageSendContext<T> context)
        where T : class
    {
        var addresses = _hostConfiguration.Settings.Addresses;

        if (context.RequestId is not null && _hostConfiguration.CannotReceive && IsOfThisProcess(context.ResponseAddress))
            throw new ConfigurationException(QStashAddresses.Advise($"The response to {TypeCache<T>.ShortName}"));

        // A saga is answered at its endpoint, which all replicas have.
        if (addresses.LeadToOthers && context.RequestId is not null && IsOfThisProcess(context.ResponseAddress))
        {
            throw new ConfigurationException($"QStash:InstanceBaseAddress is missing, so the response to {TypeCache<T>.ShortName} may reach another process: HasReplicas says that "
                + $"the base address leads to several. Set cfg.Host(h => h.InstanceBaseAddress(…)) to an address that leads to this one, or use a saga or events in place of the request client.");
        }
    }

    bool IsOfThisProcess(Uri? address) =>
        address is not null && _hostConfiguration.Settings.Addresses.InstanceEndpointBase.IsBaseOf(address) && EndpointName.IsTemporary(address.GetEndpointName() ?? "");

    // Before it is sent: what QStash would refuse takes the bandwidth all the same (AP4, S7, V13).
    void CheckSize<T>(QStashMessageSendContext<T> context, int size)
        where T : class
    {
        if (size > _hostConfiguration.Settings.BodyLimit)
        {
            throw new MessageException(typeof(T), $"The body of {TypeCache<T>.ShortName} to {context.DestinationAddress} has {size} bytes, "
                + $"and {_hostConfiguration.Settings.BodyLimit} are allowed (QStash:MaxBodySize, which must fit your QStash plan). "
                + "Send a reference in place of large data: MassTransit's MessageData<T> stores it and sends its address.");
        }
    }

    QStashMessage CreateMessage<T>(QStashMessageSendContext<T> context, string destination, ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> headers)
        where T : class
    {
        var message = new QStashMessage(context.Delivery)
        {
            Destination = destination,
            Body = body,
            ContentType = context.ContentType.ToString(),
            Delay = context.Delivery.NotBefore is null && context.Delay > TimeSpan.Zero ? context.Delay : null,
            NotBefore = context.Delivery.NotBefore > _hostConfiguration.TimeProvider.GetUtcNow() ? context.Delivery.NotBefore : null,
            DeduplicationId = CreateDeduplicationId(context, destination),
            Queue = context.FifoQueue,
        };

        // The header where the scheduler is MassTransit's own, or a scheduled message is redelivered.
        if ((message.NotBefore is not null || message.Delay is not null)
            && (context.ScheduledMessageId ?? context.Headers.Get<Guid>(MessageHeaders.SchedulingTokenId)) is { } tokenId)
            message.Labels.Add(ScheduleToken.ToLabel(tokenId));

        Complete(message, context, body, headers);

        return message;
    }

    // What a message and a schedule have in common beyond the settings.
    void Complete<T>(QStashDeliverySettings delivery, QStashMessageSendContext<T> context, ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> headers)
        where T : class
    {
        foreach (var (name, value) in headers)
            delivery.ForwardHeaders[name] = value;

        // A receiver that does not know MassTransit does not know our terms either.
        if (headers.ContainsKey(TransportHeaders.HeaderName))
            DeliveryTerms.Add(delivery.ForwardHeaders, delivery.Retries, delivery.Timeout);

        CallbackRequest.Complete(delivery, _hostConfiguration, OutgoingHeaders.EncodeSource(context, headers), body);

        HeaderBudget.Check(typeof(T), delivery);
    }

    sealed class SendPipeContext(CancellationToken cancellationToken) : BasePipeContext(cancellationToken);
}

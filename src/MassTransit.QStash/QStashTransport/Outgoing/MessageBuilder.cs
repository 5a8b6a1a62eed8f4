using MassTransit.QStashTransport.Addresses;
using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit.QStashTransport.Outgoing;

/// <summary>
/// Turns a send into what QStash gets: a message for each destination, or a schedule.
/// </summary>
/// <param name="addresses">Knows which addresses are legal.</param>
/// <param name="proof">Proves data that the signature of a delivery does not cover.</param>
/// <param name="bodyLimit">The size of the largest body, in bytes.</param>
/// <param name="service">The mark of this bus on its schedules at QStash.</param>
/// <param name="programLabel">In development, the label by which this program recognises its declared schedules; null elsewhere.</param>
/// <param name="time">The clock.</param>
sealed class MessageBuilder(KnownAddresses addresses, AccountProof proof, int bodyLimit, string service, string? programLabel,
    TimeProvider time)
{
    public QStashMessage[] CreateMessages<T>(QStashMessageSendContext<T> context, IReadOnlyList<string> destinations)
        where T : class
    {
        var (body, headers, source) = Serialize(context);
        var messages = new QStashMessage[destinations.Count];
        for (var i = 0; i < messages.Length; i++)
        {
            messages[i] = new QStashMessage(context.Delivery)
            {
                Destination = destinations[i],
                Body = body,
                ContentType = context.ContentType.ToString(),
                Delay = context.Delivery.NotBefore is null && context.Delay > TimeSpan.Zero ? context.Delay : null,
                NotBefore = context.Delivery.NotBefore > time.GetUtcNow() ? context.Delivery.NotBefore : null,
                DeduplicationId = CreateDeduplicationId(context, destinations[i]),
                Queue = context.FifoQueue,
            };

            // The token is in the header if the scheduler is MassTransit's own, or if a scheduled message is redelivered.
            if ((messages[i].NotBefore is not null || messages[i].Delay is not null)
                && (context.ScheduledMessageId ?? context.Headers.Get<Guid>(MessageHeaders.SchedulingTokenId)) is { } tokenId)
                messages[i].Labels.Add(ScheduleToken.ToLabel(tokenId));

            Complete<T>(messages[i], body, headers, source);
        }

        return messages;
    }

    public QStashScheduleDefinition[] CreateSchedules<T>(QStashMessageSendContext<T> context, Recurrence recurrence,
        IReadOnlyList<string> destinations)
        where T : class
    {
        // Start and end must be in the body, because only the body is signed: headers of a captured message can be changed.
        if (recurrence is not { StartTime: null, EndTime: null } && !TransportHeaders.IsEnvelope(context.ContentType))
        {
            throw new ArgumentException($"StartTime and EndTime travel in MassTransit's envelope, and {TypeCache<T>.ShortName} is sent "
                + $"as {context.ContentType}, which has none. Leave them out, or send it with the default serializer.");
        }

        var (body, headers, source) = Serialize(context);

        return destinations.Select(destination =>
        {
            var schedule = new QStashScheduleDefinition(context.Delivery)
            {
                Destination = destination,
                Cron = recurrence.Cron,
                Delay = context.Delay > TimeSpan.Zero ? context.Delay : null,
                ScheduleId = context.Url is null
                    ? RecurringScheduleId.ForUrlGroup(recurrence.ScheduleId, destination)
                    : recurrence.ScheduleId,
                Queue = context.FifoQueue,
                Body = body,
                ContentType = context.ContentType.ToString(),
            };

            if (recurrence.ToMessageSchedule(service).Label is { } label)
                schedule.Labels.Add(label);

            if (recurrence.Deployed is not null)
            {
                schedule.Labels.Add(ScheduleFingerprint.Create(
                    context, context.Message, StoredSend.Write(context.Delivery), context.FifoQueue, recurrence.StartTime,
                        recurrence.EndTime));

                if (programLabel is not null)
                    schedule.Labels.Add(programLabel);
            }

            Complete<T>(schedule, body, headers, source);

            return schedule;
        }).ToArray();
    }

    Content Serialize<T>(QStashMessageSendContext<T> context)
        where T : class
    {
        // The deduplication id is made of the MessageId: without one, two messages would count as the same.
        context.MessageId ??= NewId.NextGuid();

        // Each message of a schedule is new, so an expiration time that is computed now would be wrong.
        if (context.Recurrence is not null)
            context.TimeToLive = null;

        // Write the body first, because raw serializers add headers while they write it.
        ReadOnlyMemory<byte> body = context.Body.GetBytes();

        // Check before sending: a body that QStash would refuse still takes the bandwidth.
        if (body.Length > bodyLimit)
        {
            throw new MessageException(typeof(T), $"The body of {TypeCache<T>.ShortName} to {context.DestinationAddress} has "
                + $"{body.Length} bytes, and {bodyLimit} are allowed (QStash:MaxBodySize, which must fit your QStash plan). "
                + "Send a reference in place of large data: MassTransit's MessageData<T> stores it and sends its address.");
        }

        var headers = OutgoingHeaders.Encode(context, context.Recurrence is not null, time.GetUtcNow(), body, proof);

        return new(body, headers, OutgoingHeaders.EncodeSource(context, headers));
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

    // Sets what a message and a schedule have in common besides the settings.
    void Complete<T>(QStashDeliverySettings delivery, ReadOnlyMemory<byte> body, Dictionary<string, string> headers,
        string? source)
        where T : class
    {
        foreach (var (name, value) in headers)
            delivery.ForwardHeaders[name] = value;

        // A receiver that does not know MassTransit does not know these headers of ours either.
        if (headers.ContainsKey(TransportHeaders.HeaderName))
            DeliveryTerms.Add(delivery.ForwardHeaders, delivery.Retries, delivery.Timeout);

        CallbackRequest.Complete(delivery, addresses, proof, source, body);
        HeaderBudget.Check(typeof(T), delivery);
    }

    readonly record struct Content(ReadOnlyMemory<byte> Body, Dictionary<string, string> Headers, string? Source);
}

using MassTransit.Initializers;
using MassTransit.QStashTransport.Wire;
using MassTransit.Scheduling;

namespace MassTransit.QStashTransport.Schedules;

/// <summary>
/// Implements recurring messages with schedules of QStash. The message goes through the send pipeline like any other, and the result
/// becomes a schedule instead of a message.
/// </summary>
/// <param name="services">Gets the services of the bus on each call; throws when the bus is on another transport.</param>
/// <param name="sendEndpointProvider">Gets the send endpoint provider for the messages.</param>
sealed class QStashRecurringMessageScheduler(Func<SchedulingServices> services, Func<ISendEndpointProvider> sendEndpointProvider) :
    IRecurringMessageScheduler
{
    public Task<ScheduledRecurringMessage<T>> ScheduleRecurringSend<T>(Uri destinationAddress, RecurringSchedule schedule, T message,
        CancellationToken cancellationToken)
        where T : class =>
        Schedule(destinationAddress, schedule, message, Pipe.Empty<SendContext<T>>(), cancellationToken);

    public Task<ScheduledRecurringMessage<T>> ScheduleRecurringSend<T>(Uri destinationAddress, RecurringSchedule schedule, T message,
        IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
        where T : class =>
        Schedule(destinationAddress, schedule, message, pipe, cancellationToken);

    public Task<ScheduledRecurringMessage<T>> ScheduleRecurringSend<T>(Uri destinationAddress, RecurringSchedule schedule, T message,
        IPipe<SendContext> pipe, CancellationToken cancellationToken)
        where T : class =>
        Schedule(destinationAddress, schedule, message, pipe, cancellationToken);

    public Task<ScheduledRecurringMessage> ScheduleRecurringSend(Uri destinationAddress, RecurringSchedule schedule, object message,
        CancellationToken cancellationToken) =>
        ScheduleRecurringSend(destinationAddress, schedule, message, TypeOf(message), cancellationToken);

    public Task<ScheduledRecurringMessage> ScheduleRecurringSend(Uri destinationAddress, RecurringSchedule schedule, object message,
        Type messageType, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(messageType);

        return MessageSchedulerConverterCache.ScheduleRecurringSend(this, destinationAddress, schedule, message, messageType,
            cancellationToken);
    }

    public Task<ScheduledRecurringMessage> ScheduleRecurringSend(Uri destinationAddress, RecurringSchedule schedule, object message,
        IPipe<SendContext> pipe, CancellationToken cancellationToken) =>
        ScheduleRecurringSend(destinationAddress, schedule, message, TypeOf(message), pipe, cancellationToken);

    public Task<ScheduledRecurringMessage> ScheduleRecurringSend(Uri destinationAddress, RecurringSchedule schedule, object message,
        Type messageType, IPipe<SendContext> pipe, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(messageType);

        return MessageSchedulerConverterCache.ScheduleRecurringSend(this, destinationAddress, schedule, message, messageType, pipe,
            cancellationToken);
    }

    public Task<ScheduledRecurringMessage<T>> ScheduleRecurringSend<T>(Uri destinationAddress, RecurringSchedule schedule, object values,
        CancellationToken cancellationToken)
        where T : class =>
        Initialize(destinationAddress, schedule, values, Pipe.Empty<SendContext<T>>(), cancellationToken);

    public Task<ScheduledRecurringMessage<T>> ScheduleRecurringSend<T>(Uri destinationAddress, RecurringSchedule schedule, object values,
        IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
        where T : class =>
        Initialize(destinationAddress, schedule, values, pipe, cancellationToken);

    public Task<ScheduledRecurringMessage<T>> ScheduleRecurringSend<T>(Uri destinationAddress, RecurringSchedule schedule, object values,
        IPipe<SendContext> pipe, CancellationToken cancellationToken)
        where T : class =>
        Initialize<T>(destinationAddress, schedule, values, pipe, cancellationToken);

    public Task<ScheduledRecurringMessage<T>> ScheduleRecurringPublish<T>(RecurringSchedule schedule, T message,
        CancellationToken cancellationToken)
        where T : class =>
        ScheduleRecurringSend(PublishAddress(typeof(T)), schedule, message, cancellationToken);

    public Task<ScheduledRecurringMessage<T>> ScheduleRecurringPublish<T>(RecurringSchedule schedule, T message, IPipe<SendContext<T>> pipe,
        CancellationToken cancellationToken)
        where T : class =>
        ScheduleRecurringSend(PublishAddress(typeof(T)), schedule, message, pipe, cancellationToken);

    public Task<ScheduledRecurringMessage<T>> ScheduleRecurringPublish<T>(RecurringSchedule schedule, T message, IPipe<SendContext> pipe,
        CancellationToken cancellationToken)
        where T : class =>
        ScheduleRecurringSend(PublishAddress(typeof(T)), schedule, message, pipe, cancellationToken);

    public Task<ScheduledRecurringMessage> ScheduleRecurringPublish(RecurringSchedule schedule, object message,
        CancellationToken cancellationToken) =>
        ScheduleRecurringPublish(schedule, message, TypeOf(message), cancellationToken);

    public Task<ScheduledRecurringMessage> ScheduleRecurringPublish(RecurringSchedule schedule, object message, Type messageType,
        CancellationToken cancellationToken) =>
        ScheduleRecurringSend(PublishAddress(messageType), schedule, message, messageType, cancellationToken);

    public Task<ScheduledRecurringMessage> ScheduleRecurringPublish(RecurringSchedule schedule, object message, IPipe<SendContext> pipe,
        CancellationToken cancellationToken) =>
        ScheduleRecurringPublish(schedule, message, TypeOf(message), pipe, cancellationToken);

    public Task<ScheduledRecurringMessage> ScheduleRecurringPublish(RecurringSchedule schedule, object message, Type messageType,
        IPipe<SendContext> pipe, CancellationToken cancellationToken) =>
        ScheduleRecurringSend(PublishAddress(messageType), schedule, message, messageType, pipe, cancellationToken);

    public Task<ScheduledRecurringMessage<T>> ScheduleRecurringPublish<T>(RecurringSchedule schedule, object values,
        CancellationToken cancellationToken)
        where T : class =>
        ScheduleRecurringSend<T>(PublishAddress(typeof(T)), schedule, values, cancellationToken);

    public Task<ScheduledRecurringMessage<T>> ScheduleRecurringPublish<T>(RecurringSchedule schedule, object values,
        IPipe<SendContext<T>> pipe,
        CancellationToken cancellationToken)
        where T : class =>
        ScheduleRecurringSend(PublishAddress(typeof(T)), schedule, values, pipe, cancellationToken);

    public Task<ScheduledRecurringMessage<T>> ScheduleRecurringPublish<T>(RecurringSchedule schedule, object values,
        IPipe<SendContext> pipe,
        CancellationToken cancellationToken)
        where T : class =>
        ScheduleRecurringSend<T>(PublishAddress(typeof(T)), schedule, values, pipe, cancellationToken);

    public Task CancelScheduledRecurringSend(string scheduleId, string scheduleGroup) =>
        services().Recurring.CancelAsync(RecurringScheduleId.Create(scheduleGroup, scheduleId), CancellationToken.None);

    public Task PauseScheduledRecurringSend(string scheduleId, string scheduleGroup) =>
        services().Recurring.PauseAsync(RecurringScheduleId.Create(scheduleGroup, scheduleId), CancellationToken.None);

    public Task ResumeScheduledRecurringSend(string scheduleId, string scheduleGroup) =>
        services().Recurring.ResumeAsync(RecurringScheduleId.Create(scheduleGroup, scheduleId), CancellationToken.None);

    async Task<ScheduledRecurringMessage<T>> Initialize<T>(Uri destinationAddress, RecurringSchedule schedule, object values,
        IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(pipe);

        var send = await MessageInitializerCache<T>.InitializeMessage(values, pipe, cancellationToken).ConfigureAwait(false);

        return await Schedule(destinationAddress, schedule, send.Message, send.Pipe, cancellationToken).ConfigureAwait(false);
    }

    async Task<ScheduledRecurringMessage<T>> Schedule<T>(Uri destinationAddress, RecurringSchedule schedule, T message,
        IPipe<SendContext<T>> pipe,
        CancellationToken cancellationToken)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(destinationAddress);
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(pipe);

        if (!MessageTypeCache<T>.IsValidMessageType)
            throw new ArgumentException(MessageTypeCache<T>.InvalidMessageTypeReason, nameof(message));

        var recurrence = RecurrenceReader.Read(schedule.ScheduleGroup, schedule.ScheduleId, schedule.CronExpression, schedule.TimeZoneId,
            schedule.StartTime, schedule.EndTime, services().Time);

        if (recurrence.EndTime <= services().Time.GetUtcNow())
            throw new ArgumentException($"EndTime {schedule.EndTime:u} is past.", nameof(schedule));

        var endpoint = await sendEndpointProvider().GetSendEndpoint(destinationAddress).ConfigureAwait(false);
        await endpoint.Send(message, new RecurringSendPipe<T>(pipe, recurrence), cancellationToken).ConfigureAwait(false);

        return new ScheduledRecurringMessageHandle<T>(schedule, destinationAddress, message);
    }

    Uri PublishAddress(Type messageType)
    {
        ArgumentNullException.ThrowIfNull(messageType);

        return services().Topology.TryGetPublishAddress(messageType, out var address)
            ? address
            : throw new ArgumentException($"{TypeCache.GetShortName(messageType)} cannot be published.", nameof(messageType));
    }

    static Type TypeOf(object message)
    {
        ArgumentNullException.ThrowIfNull(message);

        return message.GetType();
    }
}

using MassTransit.Initializers;
using MassTransit.QStashTransport.Addresses;
using MassTransit.QStashTransport.Outgoing;

namespace MassTransit.QStashTransport.Schedules;

/// <summary>
/// A schedule that is declared with the bus.
/// </summary>
sealed class ScheduleDeclaration<T>(string id, string cronExpression, string? timeZone) : IScheduleDeclaration,
    IQStashScheduleConfigurator<T>
    where T : class
{
    Uri? _destination;
    DateTimeOffset? _endTime;
    Func<T>? _factory;
    Action<SendContext<T>>? _send;
    DateTimeOffset _startTime;

    public string Id => id;
    public bool HasTimeZone => !string.IsNullOrWhiteSpace(timeZone);

    public void Message(Func<T> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        _factory = factory;
    }

    public void Destination(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        _destination = address;
    }

    public void StartTime(DateTimeOffset startTime) => _startTime = startTime;
    public void EndTime(DateTimeOffset endTime) => _endTime = endTime;

    public void ConfigureSend(Action<SendContext<T>> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        _send = callback;
    }

    public string? Check(KnownAddresses addresses, bool hasDirectory, TimeProvider time)
    {
        if (!MessageTypeCache<T>.IsValidMessageType)
            return MessageTypeCache<T>.InvalidMessageTypeReason;

        if (_factory is null && !typeof(T).IsInterface && typeof(T).GetConstructor(Type.EmptyTypes) is null)
            return $"there is no message. {TypeCache<T>.ShortName} cannot be made without values: give one with x => x.Message(() => "
                + $"new {typeof(T).Name}(…))";

        try
        {
            var recurrence = CreateRecurrence("", time);

            if (hasDirectory && _destination is null or { Scheme: KnownAddresses.UrlGroupScheme })
                return RecurringSchedules.NoDirectory;

            if (_destination is null)
                return null;

            var address = addresses.Normalize(_destination);

            // A name is looked up when the schedule is deployed.
            return address.Scheme is "https" or "http" && recurrence is not { StartTime: null, EndTime: null }
                && !addresses.LeadsToEndpoint(address)
                ? Recurrence.DescribeNoEndpoint(address)
                : null;
        }
        catch (ArgumentException exception)
        {
            return exception.Message;
        }
    }

    public Recurrence CreateRecurrence(string group, TimeProvider time) =>
        RecurrenceReader.Read(group, id, cronExpression, timeZone, _startTime, _endTime, time);

    public async Task Deploy(IBus bus, Recurrence recurrence, CancellationToken cancellationToken)
    {
        var address = _destination;
        if (address is null && !bus.Topology.TryGetPublishAddress<T>(out address))
            throw new ArgumentException($"{TypeCache<T>.ShortName} cannot be published.");

        var message = _factory is not null
            ? _factory()
            : (await MessageInitializerCache<T>.InitializeMessage(new { }, cancellationToken).ConfigureAwait(false)).Message;

        var endpoint = await bus.GetSendEndpoint(address).ConfigureAwait(false);
        var pipe = _send is null ? Pipe.Empty<SendContext<T>>() : Pipe.Execute(_send);

        await endpoint.Send(message, new RecurringSendPipe<T>(pipe, recurrence), cancellationToken).ConfigureAwait(false);
    }
}

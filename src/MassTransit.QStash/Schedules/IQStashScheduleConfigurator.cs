namespace MassTransit;

/// <summary>
/// Configures one declared schedule.
/// </summary>
/// <typeparam name="T">The message type.</typeparam>
public interface IQStashScheduleConfigurator<T>
    where T : class
{
    /// <summary>
    /// Makes the message; called each time the bus starts. QStash repeats the same message; MessageId and sent time are new each time.
    /// </summary>
    void Message(Func<T> factory);

    /// <summary>
    /// Sends the message to this address instead of publishing it: <c>queue:name</c>, <c>topic:name</c> or an https URL.
    /// </summary>
    void Destination(Uri address);

    /// <summary>
    /// No message is handled before this time. QStash has no start times, so the receiving endpoint drops messages that arrive earlier.
    /// Therefore the destination must be a known endpoint of this transport: one of this service, one of another service that has a route,
    /// or the endpoints of subscribers.
    /// </summary>
    /// <remarks>The bus is not built if the destination is another https URL.</remarks>
    void StartTime(DateTimeOffset startTime);

    /// <summary>
    /// No message is handled after this time. QStash has no end times, so the receiving endpoint drops messages that arrive later and
    /// removes the schedule. Therefore the destination must be a known endpoint of this transport, as for <see cref="StartTime"/>.
    /// </summary>
    void EndTime(DateTimeOffset endTime);

    /// <summary>
    /// Sets headers, retries and other properties of the send.
    /// </summary>
    void ConfigureSend(Action<SendContext<T>> callback);
}

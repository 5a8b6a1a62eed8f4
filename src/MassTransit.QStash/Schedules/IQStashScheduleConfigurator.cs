namespace MassTransit;

/// <summary>
/// Configures one declared schedule.
/// </summary>
/// <typeparam name="T">The message type.</typeparam>
public interface IQStashScheduleConfigurator<T>
    where T : class
{
    /// <summary>
    /// Makes the message, each time the bus starts. QStash repeats it as it is; MessageId and sent time are new each time.
    /// </summary>
    void Message(Func<T> factory);

    /// <summary>
    /// Sends the message there, in place of publishing it: <c>queue:name</c>, <c>topic:name</c> or an https URL.
    /// </summary>
    void Destination(Uri address);

    /// <summary>
    /// No message before. QStash has no start times: until then the receiving endpoint drops what arrives. So the destination must
    /// be known to be an endpoint of this transport: one of this service, of another along a route, or of subscribers.
    /// </summary>
    /// <remarks>With another https URL as the destination the bus is not built.</remarks>
    void StartTime(DateTimeOffset startTime);

    /// <summary>
    /// No message after. QStash has no end times: the receiving endpoint drops what arrives later, and removes the schedule. So
    /// the destination must be known to be an endpoint of this transport, as for <see cref="StartTime"/>.
    /// </summary>
    void EndTime(DateTimeOffset endTime);

    /// <summary>
    /// Sets headers, retries and the like.
    /// </summary>
    void ConfigureSend(Action<SendContext<T>> callback);
}

namespace MassTransit;

/// <summary>
/// Configures a receive endpoint on QStash: a URL below the public address of this service.
/// </summary>
/// <remarks>
/// The endpoint's name is the last segment of that URL, so only letters, digits, '.', '_' and '-' are allowed in it.
/// <see cref="IEndpointConfigurator"/>'s <c>PrefetchCount</c> has no effect: QStash pushes, nothing is fetched.
/// </remarks>
public interface IQStashReceiveEndpointConfigurator :
    IReceiveEndpointConfigurator
{
    /// <summary>
    /// Adds the endpoint to a URL group by its name, in addition to the groups of the message types it consumes.
    /// </summary>
    /// <param name="urlGroup">The name: letters, digits, '.', '_' and '-'.</param>
    /// <exception cref="ConfigurationException">The name is not legal.</exception>
    void Subscribe(string urlGroup);

    /// <summary>
    /// Whether messages go to the dead letter queue if their time to live is over when they arrive. Default: false; they are dropped.
    /// </summary>
    bool DeadLetterExpiredMessages { set; }

    /// <summary>
    /// Pins the limits of a flow control key when the endpoint starts; then the limits that messages under this key bring do not count.
    /// Only limits that differ are written. QStash creates a key with its first message; the key is pinned within a minute of that.
    /// </summary>
    /// <param name="key">The key the senders use: printable ASCII without blanks and without <c>/</c>.</param>
    /// <param name="rate">Deliveries started per period, 1 or more. Null leaves the rate to the messages.</param>
    /// <param name="period">The period of the rate, in whole seconds up to 7 days. Default 1 second.</param>
    /// <param name="parallelism">Deliveries at the same time, 1 or more. Null leaves it to the messages.</param>
    /// <exception cref="ArgumentException">A value is not legal, or neither a rate nor a parallelism is given.</exception>
    void PinFlowControl(string key, int? rate = null, TimeSpan? period = null, int? parallelism = null);
}

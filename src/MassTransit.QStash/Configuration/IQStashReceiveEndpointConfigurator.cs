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
    /// Adds the endpoint to a URL group by the group's name, beside the groups of the message types it consumes.
    /// </summary>
    /// <param name="urlGroup">The name: letters, digits, '.', '_' and '-'.</param>
    /// <exception cref="ConfigurationException">The name is not legal.</exception>
    void Subscribe(string urlGroup);

    /// <summary>
    /// Whether messages whose time to live is over when they arrive go to the dead letter queue. Default: no, they are dropped.
    /// </summary>
    bool DeadLetterExpiredMessages { set; }
}

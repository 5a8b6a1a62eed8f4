namespace MassTransit;

/// <summary>
/// Configures a bus on QStash: the <c>cfg</c> of <c>x.UsingQStash((context, cfg) => …)</c>.
/// </summary>
public interface IQStashBusFactoryConfigurator :
    IBusFactoryConfigurator<IQStashReceiveEndpointConfigurator>
{
    /// <summary>
    /// Sets the public address of this service, and the settings that <paramref name="configure"/> makes. They win over the configuration
    /// section <c>QStash</c> and the <c>QSTASH_*</c> environment variables. May be called more than once; the last value of a setting
    /// counts.
    /// </summary>
    /// <param name="baseAddress">
    /// The address at which QStash calls this service: absolute, https and reachable from the internet, for example
    /// <c>https://orders.example.com</c>. A path is allowed, for services behind a proxy that strips it. <c>QStash:BaseAddress</c> in the
    /// configuration sets it too. A bus without an address can only send.
    /// </param>
    /// <param name="configure">Sets the other settings. Default: the values in the configuration.</param>
    void Host(Uri baseAddress, Action<IQStashHostConfigurator>? configure = null);

    /// <inheritdoc cref="Host(Uri, Action{IQStashHostConfigurator})"/>
    void Host(string baseAddress, Action<IQStashHostConfigurator>? configure = null);

    /// <summary>
    /// Configures the connection to QStash when the address of this service is in the configuration or is not needed.
    /// </summary>
    /// <inheritdoc cref="Host(Uri, Action{IQStashHostConfigurator})"/>
    void Host(Action<IQStashHostConfigurator> configure);

    /// <summary>
    /// Declares messages that recur; may be called more than once. When you remove the last schedule, keep the call, empty or with
    /// <see cref="IQStashSchedulesConfigurator.RemoveUndeclared"/>: without the call the bus does not look for schedules it declared
    /// earlier.
    /// </summary>
    void Schedules(Action<IQStashSchedulesConfigurator> configure);
}

namespace MassTransit;

/// <summary>
/// Configures a bus on QStash: the <c>cfg</c> of <c>x.UsingQStash((context, cfg) => …)</c>.
/// </summary>
public interface IQStashBusFactoryConfigurator :
    IBusFactoryConfigurator<IQStashReceiveEndpointConfigurator>
{
    /// <summary>
    /// Sets the public address of this service, and what else <paramref name="configure"/> says about the connection to QStash.
    /// What is set here wins over the configuration section <c>QStash</c> and the <c>QSTASH_*</c> environment variables. May be
    /// called more than once; the last value of a setting counts.
    /// </summary>
    /// <param name="baseAddress">
    /// The address at which QStash calls this service: absolute, https and reachable from the internet, for example
    /// <c>https://orders.example.com</c>. A path is allowed, for services behind a proxy that strips it. Also
    /// <c>QStash:BaseAddress</c> in the configuration. A bus without an address can only send.
    /// </param>
    /// <param name="configure">The other settings. Default: what the configuration says.</param>
    void Host(Uri baseAddress, Action<IQStashHostConfigurator>? configure = null);

    /// <inheritdoc cref="Host(Uri, Action{IQStashHostConfigurator})"/>
    void Host(string baseAddress, Action<IQStashHostConfigurator>? configure = null);

    /// <summary>
    /// Configures the connection to QStash where the address of this service is in the configuration, or not needed.
    /// </summary>
    /// <inheritdoc cref="Host(Uri, Action{IQStashHostConfigurator})"/>
    void Host(Action<IQStashHostConfigurator> configure);

    /// <summary>
    /// Declares messages that recur; may be called more than once. Keep the call, empty or with
    /// <see cref="IQStashSchedulesConfigurator.RemoveUndeclared"/>, when the last schedule goes: without it nobody looks.
    /// </summary>
    void Schedules(Action<IQStashSchedulesConfigurator> configure);
}

namespace MassTransit;

/// <summary>
/// Configures a bus on QStash: the <c>cfg</c> of <c>x.UsingQStash((context, cfg) => …)</c>.
/// </summary>
public interface IQStashBusFactoryConfigurator :
    IBusFactoryConfigurator<IQStashReceiveEndpointConfigurator>
{
    /// <summary>
    /// Configures the connection to QStash and the public address of this service. Settings given here win over those of the
    /// configuration section <c>QStash</c> and of the <c>QSTASH_*</c> environment variables; may be called more than once.
    /// </summary>
    void Host(Action<IQStashHostConfigurator> configure);

    /// <summary>
    /// Declares messages that recur; may be called more than once. Keep the call, empty or with
    /// <see cref="IQStashSchedulesConfigurator.RemoveUndeclared"/>, when the last schedule goes: without it nobody looks.
    /// </summary>
    void Schedules(Action<IQStashSchedulesConfigurator> configure);
}

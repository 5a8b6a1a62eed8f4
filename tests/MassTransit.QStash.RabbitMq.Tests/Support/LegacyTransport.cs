namespace MassTransit.QStash.RabbitMq.Tests.Support;

/// <summary>What is on the other side of the bridge.</summary>
public enum LegacyTransport
{
    /// <summary>In RabbitMQ's place on machines without it.</summary>
    InMemory,

    /// <summary>A server of its own, from Debian's package rabbitmq-server.</summary>
    RabbitMq,
}

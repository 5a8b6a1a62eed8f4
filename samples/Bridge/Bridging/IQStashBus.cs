using MassTransit;

namespace Bridge.Bridging;

/// <summary>The second bus of the bridge. The first, <see cref="IBus"/>, is that of RabbitMQ.</summary>
public interface IQStashBus : IBus;

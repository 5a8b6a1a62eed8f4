namespace MassTransit.QStash.Soak.Messages;

/// <summary>What orders sends to an endpoint of its own for some orders, with a callback.</summary>
public record ShipOrder(int Order);

namespace MassTransit.QStash.Soak.Messages;

/// <summary>What billing publishes for each order that it has handled, and orders consumes.</summary>
public record OrderBilled(int Order);

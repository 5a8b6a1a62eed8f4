namespace MassTransit.QStash.Soak.Messages;

/// <summary>What orders publishes and billing consumes.</summary>
public record OrderSubmitted(int Order);

namespace MassTransit.QStash.Soak.Messages;

/// <summary>What orders schedules for some orders.</summary>
public record RemindOrder(int Order, DateTime Due);

namespace OrderFlow.Contracts;

/// <summary>Scheduled when an order is placed.</summary>
public record RemindCustomer(Guid OrderId);

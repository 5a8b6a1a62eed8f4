namespace OrderFlow.Contracts;

/// <summary>Its sender wants to know when it has arrived.</summary>
public record PackOrder(Guid OrderId);

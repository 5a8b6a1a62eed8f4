namespace Bridge.Contracts;

/// <summary>A command: it is sent to the endpoint <c>charge-card</c>.</summary>
public record ChargeCard(Guid OrderId, decimal Total);

namespace Bridge.Contracts;

/// <summary>An event: everybody who is interested gets a copy, on either bus.</summary>
public record OrderSubmitted(Guid OrderId, decimal Total);

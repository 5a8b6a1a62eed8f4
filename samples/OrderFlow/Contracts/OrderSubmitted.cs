namespace OrderFlow.Contracts;

/// <summary>An event: everybody who is interested gets a copy.</summary>
public record OrderSubmitted(Guid OrderId, decimal Total);

namespace OrderFlow.Contracts;

/// <summary>Starts the saga that waits for the money.</summary>
public record AwaitPayment(Guid OrderId);

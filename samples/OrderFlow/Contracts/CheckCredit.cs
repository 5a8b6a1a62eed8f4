namespace OrderFlow.Contracts;

/// <summary>A request, answered with <see cref="CreditApproved"/>.</summary>
public record CheckCredit(Guid OrderId, decimal Total);

namespace OrderFlow.Contracts;

public record CreditApproved(Guid OrderId);

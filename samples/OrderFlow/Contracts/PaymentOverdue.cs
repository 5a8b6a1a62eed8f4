namespace OrderFlow.Contracts;

/// <summary>Scheduled by the saga, for when no money has come.</summary>
public record PaymentOverdue(Guid OrderId);

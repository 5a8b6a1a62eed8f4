namespace Bridge.Contracts;

/// <summary>The response to <see cref="CheckCredit"/>.</summary>
public record CreditApproved(decimal Total);

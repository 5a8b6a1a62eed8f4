namespace Bridge.Contracts;

/// <summary>A request.</summary>
public record CheckCredit(decimal Total);

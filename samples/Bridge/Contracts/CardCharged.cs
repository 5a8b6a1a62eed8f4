namespace Bridge.Contracts;

/// <summary>An event of billing's, which has moved.</summary>
public record CardCharged(Guid OrderId);

namespace OrderFlow.Contracts;

/// <summary>A command: one service gets it.</summary>
public record ChargeCard(Guid OrderId, string CardNumber);

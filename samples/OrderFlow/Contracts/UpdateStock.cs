namespace OrderFlow.Contracts;

/// <summary>Comes in numbers, for a database that takes one at a time.</summary>
public record UpdateStock(int Article);

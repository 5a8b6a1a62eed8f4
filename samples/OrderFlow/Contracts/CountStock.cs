namespace OrderFlow.Contracts;

/// <summary>Recurs for each warehouse.</summary>
public record CountStock(string Warehouse);

namespace OrderFlow.Contracts;

/// <summary>Goes to the carrier, who has never heard of MassTransit.</summary>
public record FetchParcel(Guid OrderId);

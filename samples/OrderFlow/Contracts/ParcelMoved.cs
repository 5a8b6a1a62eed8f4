namespace OrderFlow.Contracts;

/// <summary>A parcel came to its next stop.</summary>
public record ParcelMoved(Guid OrderId, string Stop);

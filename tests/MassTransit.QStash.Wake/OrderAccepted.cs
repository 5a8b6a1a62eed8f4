namespace MassTransit.QStash.Wake;

/// <summary>What the consumer publishes.</summary>
public sealed record OrderAccepted(int Id);

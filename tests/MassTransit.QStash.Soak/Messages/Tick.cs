namespace MassTransit.QStash.Soak.Messages;

/// <summary>What a schedule sends to orders each minute.</summary>
public record Tick;

namespace MassTransit.QStash.TestService;

/// <summary>What the service consumes.</summary>
public record WorkOrdered(string Id);

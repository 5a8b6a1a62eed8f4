namespace QStash.Client;

/// <summary>A member of a URL group.</summary>
public sealed record QStashEndpoint
{
    /// <summary>Absolute http(s) URL. When removing, either this or <see cref="Name"/> is enough.</summary>
    public string? Url { get; init; }

    /// <summary>Optional name, shown in logs and dead letters.</summary>
    public string? Name { get; init; }
}

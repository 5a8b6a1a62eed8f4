namespace QStash.Client;

/// <summary>One page of a list.</summary>
/// <typeparam name="T">Type of the items.</typeparam>
public sealed record QStashPage<T>
{
    /// <summary>The items, in the order of the server.</summary>
    public IReadOnlyList<T> Items { get; init; } = [];

    /// <summary>An opaque text that tells where the next page starts; <see langword="null"/> on the last page.</summary>
    public string? Cursor { get; init; }
}

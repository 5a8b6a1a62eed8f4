namespace QStash.Emulator.Storage;

/// <summary>A cancel by filter, which may go on after its request. It is read and changed under the account's gate.</summary>
sealed class BulkAction(long sequence, string id, IReadOnlyDictionary<string, string[]> filter, long createdAt)
{
    readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Sequence { get; } = sequence;

    public string Id { get; } = id;

    /// <summary>The values of each parameter that was given, sorted.</summary>
    public IReadOnlyDictionary<string, string[]> Filter { get; } = filter;

    /// <summary>Two actions with the same filter have the same key.</summary>
    public string Key { get; } = KeyOf(filter);

    /// <summary>Unix milliseconds, like <see cref="CompletedAt"/>.</summary>
    public long CreatedAt { get; } = createdAt;

    public long? CompletedAt { get; set; }

    /// <summary>How many messages matched when the action was accepted.</summary>
    public int Total { get; init; }

    public int Processed { get; set; }

    /// <summary>The messages that are left to cancel.</summary>
    public Queue<Message> Left { get; } = new();

    public Task Finished => _finished.Task;

    public static string KeyOf(IReadOnlyDictionary<string, string[]> filter) => string.Join(
        '&', filter.OrderBy(static one => one.Key, StringComparer.Ordinal)
            .SelectMany(static one => one.Value.Select(value => $"{one.Key}={Uri.EscapeDataString(value)}")));

    public void Finish(long now)
    {
        CompletedAt = now;
        _finished.TrySetResult();
    }
}

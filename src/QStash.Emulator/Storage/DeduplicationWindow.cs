using QStash.Emulator.Durability;

namespace QStash.Emulator.Storage;

/// <summary>Remembers, for ten minutes, which message a deduplication key created (contract 3.10).</summary>
sealed class DeduplicationWindow(AccountJournal? journal)
{
    const long WindowMs = 10 * 60 * 1000;

    readonly Dictionary<string, string> _messageIds = new(StringComparer.Ordinal);
    readonly Queue<(long ExpiresAt, string Key)> _expiry = new();

    /// <summary>The keys in force at a time, oldest first, with the message each one created and its expiry in unix milliseconds.</summary>
    public IEnumerable<(string Key, string MessageId, long ExpiresAt)> InForce(long now) =>
        _expiry.Where(entry => entry.ExpiresAt > now).Select(entry => (entry.Key, _messageIds[entry.Key], entry.ExpiresAt));

    public string? Find(string key, long now)
    {
        // Keys expire in the order they were added, because the window is the same for all.
        while (_expiry.TryPeek(out var oldest) && oldest.ExpiresAt <= now)
        {
            _expiry.Dequeue();
            _messageIds.Remove(oldest.Key);
            journal?.Ended(oldest.Key);
        }

        return _messageIds.GetValueOrDefault(key);
    }

    public void Add(string key, string messageId, long now)
    {
        Restore(key, messageId, now + WindowMs);
        journal?.Began(key, messageId, now + WindowMs);
    }

    public void Restore(string key, string messageId, long expiresAt)
    {
        _messageIds.Add(key, messageId);
        _expiry.Enqueue((expiresAt, key));
    }
}

using QStash.Emulator.Messages;

namespace QStash.Emulator.Storage;

// docs/qstash-contract.md#deduplication
/// <summary>Remembers, for ten minutes, which message a deduplication key created.</summary>
sealed class DeduplicationWindow(IAccountJournal? journal)
{
    const long WindowMs = 10 * 60 * 1000;

    readonly Dictionary<DeduplicationKey, MessageId> _known = [];

    // Ordered by time and not by arrival: the clock may go back, for example when an emulator starts again whose clock was ahead.
    readonly PriorityQueue<DeduplicationKey, long> _expiry = new();

    /// <summary>The keys in force at a time, oldest first, with the message each one created and its expiry in unix milliseconds.</summary>
    public IEnumerable<(DeduplicationKey Key, MessageId Message, long ExpiresAt)> InForce(long now) =>
        _expiry.UnorderedItems.Where(entry => entry.Priority > now).OrderBy(static entry => entry.Priority)
            .Select(entry => (entry.Element, _known[entry.Element], entry.Priority));

    public MessageId? Find(DeduplicationKey key, long now)
    {
        while (_expiry.TryPeek(out var ended, out var expiresAt) && expiresAt <= now)
        {
            _expiry.Dequeue();
            _known.Remove(ended);
            journal?.WindowsEnded(expiresAt);
        }

        return _known.TryGetValue(key, out var message) ? message : null;
    }

    /// <summary>Begins a window. The journal hears of it together with the message.</summary>
    /// <returns>When it ends, in unix milliseconds.</returns>
    public long Add(DeduplicationKey key, MessageId message, long now)
    {
        Restore(key, message, now + WindowMs);
        return now + WindowMs;
    }

    public void Restore(DeduplicationKey key, MessageId message, long expiresAt)
    {
        _known.Add(key, message);
        _expiry.Enqueue(key, expiresAt);
    }
}

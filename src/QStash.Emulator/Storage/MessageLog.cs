using System.Buffers;

namespace QStash.Emulator.Storage;

/// <summary>
/// The event log of an account, oldest first. It keeps the newest entries only, so that the memory of a busy server stays bounded.
/// </summary>
sealed class MessageLog(IAccountJournal? journal)
{
    const int MaxEntries = 100_000;
    const long MaxBytes = 128 * 1024 * 1024;

    readonly Queue<LogEntry> _entries = new();
    long _sequence;
    long _bytes;

    public IReadOnlyCollection<LogEntry> Entries => _entries;

    /// <summary>How much memory it takes, roughly.</summary>
    public long Bytes => _bytes;

    /// <summary>Grows with each entry.</summary>
    public long Version => _sequence;

    public void Add(long time, Message message, MessageState state, AttemptResult? result = null, long? nextDelivery = null)
    {
        var entry = new LogEntry(_sequence, time, message, state, result, nextDelivery);
        Restore(entry);
        journal?.Logged(entry);
        while (_entries.Count > MaxEntries || (_bytes > MaxBytes && _entries.Count > 1))
            DropOldest();
    }

    public void Restore(LogEntry entry)
    {
        _entries.Enqueue(entry);
        _bytes += entry.Bytes;
        _sequence = entry.Sequence + 1;
    }

    /// <summary>
    /// A copy of all entries, oldest first, that can be read without the gate. The array is rented from the shared pool, because a reader
    /// that comes several times a second would otherwise leave a large array behind each time. The caller has to clear and return it.
    /// </summary>
    public ArraySegment<LogEntry> Rent()
    {
        var entries = ArrayPool<LogEntry>.Shared.Rent(_entries.Count);
        _entries.CopyTo(entries, 0);
        return new ArraySegment<LogEntry>(entries, 0, _entries.Count);
    }

    public void DropBefore(long time)
    {
        while (_entries.TryPeek(out var oldest) && oldest.Time < time)
            DropOldest();
    }

    void DropOldest()
    {
        var oldest = _entries.Dequeue();
        _bytes -= oldest.Bytes;
        journal?.Dropped(oldest);
    }
}

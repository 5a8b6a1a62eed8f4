using System.Buffers;

namespace QStash.Emulator.Storage;

/// <summary>
/// The event log of an account, oldest first. It keeps the newest entries only, so that the memory of a busy server stays bounded.
/// </summary>
sealed class MessageLog(IAccountJournal? journal)
{
    const int MaxEntries = 100_000;
    const long MaxBytes = 128 * 1024 * 1024;

    // The entries are together, from the first one that was not dropped on.
    LogEntry[] _entries = new LogEntry[64];
    int _first;
    int _count;
    long _sequence;
    long _bytes;

    /// <summary>Oldest first. Valid as long as the caller has the gate.</summary>
    public ArraySegment<LogEntry> Entries => new(_entries, _first, _count);

    /// <summary>How much memory it takes, roughly.</summary>
    public long Bytes => _bytes;

    /// <summary>Grows with each entry.</summary>
    public long Version => _sequence;

    public void Add(long time, Message message, MessageState state, AttemptResult? result = null, long? nextDelivery = null)
    {
        var entry = new LogEntry(_sequence, time, message, state, result, nextDelivery);
        Restore(entry);
        journal?.Logged(entry);
        while (_count > MaxEntries || (_bytes > MaxBytes && _count > 1))
            DropOldest();
    }

    public void Restore(LogEntry entry)
    {
        if (_first + _count == _entries.Length)
            MakeRoom();

        _entries[_first + _count++] = entry;
        _bytes += entry.Bytes;
        _sequence = entry.Sequence + 1;
    }

    /// <summary>
    /// A copy of all entries, oldest first, that can be read without the gate. The array is rented from the shared pool, because a reader
    /// that comes several times a second would otherwise leave a large array behind each time. The caller has to clear and return it.
    /// </summary>
    public ArraySegment<LogEntry> Rent()
    {
        var entries = ArrayPool<LogEntry>.Shared.Rent(_count);
        Entries.CopyTo(entries);
        return new ArraySegment<LogEntry>(entries, 0, _count);
    }

    public void DropBefore(long time)
    {
        while (_count > 0 && _entries[_first].Time < time)
            DropOldest();
    }

    void DropOldest()
    {
        var oldest = _entries[_first];
        _entries[_first++] = default;
        _count--;
        _bytes -= oldest.Bytes;
        journal?.Dropped(oldest);
    }

    void MakeRoom()
    {
        // The entries move to the beginning, or to a larger array if that would have to be done again soon.
        var entries = _count > _entries.Length / 8 * 7 ? new LogEntry[_entries.Length * 2] : _entries;
        Entries.CopyTo(entries);
        if (entries == _entries)
            Array.Clear(_entries, _count, _first);

        (_entries, _first) = (entries, 0);
    }
}

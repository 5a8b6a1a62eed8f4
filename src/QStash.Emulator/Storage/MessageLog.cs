using QStash.Emulator.Durability;
using QStash.Emulator.Messages;

namespace QStash.Emulator.Storage;

/// <summary>
/// The event log of an account, oldest first. Holds the newest entries only, so that a busy server does not grow.
/// </summary>
sealed class MessageLog(AccountJournal? journal)
{
    const int MaxEntries = 100_000;
    const long MaxBytes = 128 * 1024 * 1024;

    readonly Queue<LogEntry> _entries = new();
    long _sequence;
    long _bytes;

    public IReadOnlyCollection<LogEntry> Entries => _entries;

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
        _bytes += Bytes(entry);
        _sequence = entry.Sequence + 1;
    }

    public void DropBefore(long time)
    {
        while (_entries.TryPeek(out var oldest) && oldest.Time < time)
            DropOldest();
    }

    void DropOldest()
    {
        var oldest = _entries.Dequeue();
        _bytes -= Bytes(oldest);
        journal?.Dropped(oldest);
    }

    /// <summary>The bodies an entry keeps alive; the entries of a message share its body.</summary>
    static long Bytes(LogEntry entry) =>
        (entry.State == MessageState.Created ? entry.Message.Spec.Body.Length : 0) + (entry.Result?.Body.Length ?? 0);
}

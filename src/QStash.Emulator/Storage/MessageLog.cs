using QStash.Emulator.Messages;

namespace QStash.Emulator.Storage;

/// <summary>The event log of an account, oldest first. Holds the newest entries only, so that a busy server does not grow.</summary>
sealed class MessageLog
{
    const int Capacity = 100_000;

    readonly Queue<LogEntry> _entries = new();
    long _sequence;

    public void Add(long time, Message message, MessageState state, AttemptResult? result = null, long? nextDelivery = null)
    {
        if (_entries.Count == Capacity)
            _entries.Dequeue();

        _entries.Enqueue(new LogEntry(_sequence++, time, message, state, result, nextDelivery));
    }

    public IReadOnlyCollection<LogEntry> Entries => _entries;
}

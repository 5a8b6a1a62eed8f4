using System.Buffers;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Dashboard;

/// <summary>Folds the log, which has a line for each event, into one line for each message.</summary>
static class MessageSummaries
{
    /// <param name="account">The account of the log.</param>
    /// <param name="count">How many messages at most; the newest are taken.</param>
    /// <param name="matches">Which ones are wanted, by the first entry and the state they are in now.</param>
    public static List<MessageSummary> Newest(Account account, int count, Func<LogEntry, MessageState, bool> matches)
    {
        ArraySegment<LogEntry> entries;
        lock (account.Gate)
            entries = account.Log.Rent();

        try
        {
            return Newest(entries, count, matches);
        }
        finally
        {
            ArrayPool<LogEntry>.Shared.Return(entries.Array!, clearArray: true);
        }
    }

    /// <param name="entries">The log, or some of it, oldest entry first.</param>
    /// <param name="count">How many messages at most; the newest are taken.</param>
    /// <param name="matches">Which ones are wanted, by the first entry and the state they are in now.</param>
    public static List<MessageSummary> Newest(ReadOnlySpan<LogEntry> entries, int count, Func<LogEntry, MessageState, bool> matches)
    {
        List<MessageSummary> found = [];
        Dictionary<Message, Progress> progress = [];
        for (var i = entries.Length - 1; i >= 0 && found.Count < count; i--)
        {
            var entry = entries[i];
            if (!progress.TryGetValue(entry.Message, out var known))
                progress.Add(entry.Message, known = new Progress(entry));

            known.Attempts += entry.State == MessageState.Active ? 1 : 0;
            known.Failure ??= entry.State == MessageState.Error ? entry : null;
            if (entry.State != MessageState.Created)
                continue;

            progress.Remove(entry.Message);
            if (matches(entry, known.Last.State))
                found.Add(MessageSummary.Of(entry, known.Last, known.Attempts, known.Failure));
        }

        return found;
    }

    sealed class Progress(LogEntry last)
    {
        public LogEntry Last { get; } = last;

        public LogEntry? Failure { get; set; }

        public int Attempts { get; set; }
    }
}

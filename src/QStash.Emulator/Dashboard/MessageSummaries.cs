using QStash.Emulator.Storage;

namespace QStash.Emulator.Dashboard;

/// <summary>Folds the log, which has a line for each event, into one line for each message.</summary>
static class MessageSummaries
{
    /// <param name="entries">The log, oldest entry first.</param>
    /// <param name="count">How many messages at most; the newest are taken.</param>
    /// <param name="states">Only messages that are in one of these states now.</param>
    /// <param name="search">Only messages whose id, URL, group, queue, flow control key or label contains this.</param>
    public static List<MessageSummary> Newest(ReadOnlySpan<LogEntry> entries, int count, HashSet<MessageState>? states, string? search)
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
            if (states?.Contains(known.Last.State) is not false && Contains(entry.Message, search))
                found.Add(MessageSummary.Of(entry, known.Last, known.Attempts, known.Failure));
        }

        return found;
    }

    static bool Contains(Message message, string? search) =>
        search is null
        || message.Spec.Labels.Append(message.Id).Append(message.Target.Url).Append(message.Target.TopicName).Append(message.Queue?.Name).Append(message.FlowControl?.Name)
            .Any(text => text?.Contains(search, StringComparison.OrdinalIgnoreCase) is true);

    sealed class Progress(LogEntry last)
    {
        public LogEntry Last { get; } = last;

        public LogEntry? Failure { get; set; }

        public int Attempts { get; set; }
    }
}

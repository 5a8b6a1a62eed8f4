using QStash.Emulator.Api;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Dashboard;

/// <summary>
/// The log of one message, oldest entry first. What was sent is in the first entry only, and of its body the beginning: the log of the API
/// repeats all of it in each entry, which is too much for a browser when a body has some megabytes.
/// </summary>
/// <param name="Logs">At most a thousand entries.</param>
/// <param name="BodyLength">In bytes.</param>
sealed record MessageLogAnswer(List<LogEntryAnswer> Logs, int BodyLength)
{
    /// <summary>In bytes. What the page shows is somewhat less.</summary>
    const int LongestBody = 64 * 1024;
    const int MostEntries = 1000;

    public static MessageLogAnswer Of(IEnumerable<LogEntry> entries)
    {
        var logs = entries.Take(MostEntries).Select(LogEntryAnswer.Of).ToList();
        var body = logs.Count > 0 ? logs[0].Body : null;
        for (var i = 0; i < logs.Count; i++)
            logs[i] = i == 0 ? logs[i] with { Body = body?.Length > LongestBody ? body[..LongestBody] : body } : logs[i] with { Body = null, Header = null };

        return new MessageLogAnswer(logs, body?.Length ?? 0);
    }
}

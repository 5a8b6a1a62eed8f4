using QStash.Emulator.Api;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Dashboard;

/// <summary>
/// One message with its log, oldest entry first. Only the first entry has the request, with the beginning of the body. The log of the API
/// repeats the body in each entry, which is too much for a browser if the body has megabytes. Answers are cut too.
/// </summary>
/// <param name="Logs">At most a thousand entries.</param>
/// <param name="BodyLength">In bytes.</param>
/// <param name="Summary">Its line in the list; <see langword="null"/> when its first entry is no longer in the log.</param>
/// <param name="Answer">
/// What the destination answered to the attempt that succeeded. QStash's log keeps the answers of failed attempts only.
/// </param>
/// <param name="DlqId">The id of its dead letter, as long as there is one.</param>
/// <param name="IsRedacted">Whether a part of it is shown as a hash, so that it cannot be sent again from here.</param>
/// <param name="Related">The other messages of its conversation.</param>
sealed record MessageDetails(
    List<LogEntryAnswer> Logs, int BodyLength, MessageSummary? Summary, DeliveredAnswer? Answer, string? DlqId, bool IsRedacted,
        List<RelatedMessage>? Related)
{
    /// <summary>In bytes. What the page shows is somewhat less.</summary>
    const int LongestBody = 64 * 1024;
    const int LongestAnswer = 8 * 1024;
    const int MostEntries = 1000;

    /// <summary>Empty when the log does not know the message.</summary>
    public static MessageDetails Of(Account account, string id)
    {
        List<LogEntry> entries;
        string? dlqId;
        lock (account.Gate)
        {
            entries = [.. account.Log.Entries.Where(entry => entry.Message.Id == id).Take(MostEntries)];
            dlqId = account.DeadLetters.Letters.FirstOrDefault(letter => letter.Message.Id == id)?.Id;
        }

        if (entries.Count == 0)
            return new MessageDetails([], 0, null, null, null, false, null);

        var spec = entries[0].Message.Spec;
        var summary = MessageSummaries.Newest(entries.ToArray(), 1, static (_, _) => true).FirstOrDefault();
        var delivered = entries.FindLast(static entry => entry.State == MessageState.Delivered).Result;
        var body = entries[0].Message.Spec.Redacted.Body;
        return new MessageDetails(
            Cut(entries.ConvertAll(LogEntryAnswer.Of)), body.Length, summary, DeliveredAnswer.Of(delivered), dlqId,
                spec.Redaction is not null,
            summary?.Envelope is { } envelope ? RelatedMessage.Of(account, id, envelope) : null);
    }

    static List<LogEntryAnswer> Cut(List<LogEntryAnswer> logs)
    {
        for (var i = 0; i < logs.Count; i++)
        {
            var (body, answer) = (logs[i].Body, logs[i].ResponseBody);
            // People look for the last answers, so only those are shown at length.
            var longest = i >= logs.Count - 3 ? LongestBody : LongestAnswer;
            logs[i] = logs[i] with
            {
                Header = i == 0 ? logs[i].Header : null,
                Body = i > 0 ? null : body?.Length > LongestBody ? body[..LongestBody] : body,
                ResponseBody = answer?.Length > longest ? answer[..longest] : answer,
                ResponseHeader = null,
            };
        }

        return logs;
    }
}

using QStash.Emulator.Grammar;
using QStash.Emulator.Messages;

namespace QStash.Emulator.Storage;

/// <summary>A message that is published again and again. Times are unix milliseconds.</summary>
/// <remarks>A new one with the same id replaces all of it, so only the members about its runs can change.</remarks>
sealed class Schedule
{
    public required string Id { get; init; }

    public required CronSchedule Cron { get; init; }

    /// <summary>A URL, or the name of a URL group, whose endpoints are those it has when the schedule fires.</summary>
    public required string Destination { get; init; }

    /// <summary>The spec of each message. It has the schedule's id.</summary>
    public required MessageSpec Spec { get; init; }

    public string? QueueName { get; init; }

    public required long CreatedAt { get; init; }

    public bool Paused { get; set; }

    /// <summary>When it fires next; absent while it is paused.</summary>
    public long? Next { get; set; }

    public long? Last { get; set; }

    /// <summary>The messages of the last run, by id, and how each ended; null while it is under way.</summary>
    public Dictionary<string, bool?> LastOutcomes { get; } = new(StringComparer.Ordinal);

    /// <summary>Why nothing could be published the last time.</summary>
    public string? Error { get; set; }

    /// <summary>Notes how a message of the last run ended; false when it is not one of those.</summary>
    public bool Report(string messageId, bool delivered)
    {
        if (!LastOutcomes.ContainsKey(messageId))
            return false;

        LastOutcomes[messageId] = delivered;
        return true;
    }
}

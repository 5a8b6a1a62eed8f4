using QStash.Emulator.Grammar;
using QStash.Emulator.Messages;

namespace QStash.Emulator.Storage;

/// <summary>A message that is published again and again (contract 7.5). Times are unix milliseconds.</summary>
/// <remarks>Creating one with the same id replaces it whole, so only what happens to it can change.</remarks>
sealed class Schedule
{
    public required string Id { get; init; }

    public required CronSchedule Cron { get; init; }

    /// <summary>A URL, or the name of a URL group, whose endpoints are those it has when the schedule fires.</summary>
    public required string Destination { get; init; }

    /// <summary>What each message is made of; it carries the schedule's id.</summary>
    public required MessageSpec Spec { get; init; }

    public string? QueueName { get; init; }

    public required long CreatedAt { get; init; }

    public bool Paused { get; set; }

    /// <summary>When it fires next; absent while it is paused.</summary>
    public long? Next { get; set; }

    public long? Last { get; set; }

    /// <summary>The messages of the last time it fired, by id, and what became of them; null while they are under way.</summary>
    public Dictionary<string, bool?> LastOutcomes { get; } = new(StringComparer.Ordinal);

    /// <summary>Why nothing could be published the last time.</summary>
    public string? Error { get; set; }

    /// <summary>Notes what became of a message, if it is one of the last; false when it is not.</summary>
    public bool Report(string messageId, bool delivered)
    {
        if (!LastOutcomes.ContainsKey(messageId))
            return false;

        LastOutcomes[messageId] = delivered;
        return true;
    }
}

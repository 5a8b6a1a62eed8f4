using QStash.Emulator.Storage;

namespace QStash.Emulator.Snapshots;

/// <summary>A message that failed for good.</summary>
/// <param name="DlqId">Its id in the dead letter queue.</param>
/// <param name="Message">The message.</param>
/// <param name="FailedAt">When it was given up.</param>
/// <param name="ResponseStatus">The status of the last answer; 0 when there was none.</param>
/// <param name="Error">What went wrong at the last attempt.</param>
public sealed record DeadLetterSnapshot(string DlqId, MessageSnapshot Message, DateTimeOffset FailedAt, int ResponseStatus, string Error)
{
    internal static DeadLetterSnapshot Of(DeadLetter letter) => new(
        letter.Id,
        MessageSnapshot.Of(letter.Message),
        DateTimeOffset.FromUnixTimeMilliseconds(letter.FailedAt),
        letter.Result.Status,
        letter.Result.Error);
}

namespace QStash.Emulator.Storage;

/// <summary>A message that failed for good, with its last answer.</summary>
sealed record DeadLetter(long Sequence, long FailedAt, Message Message, AttemptResult Result)
{
    /// <summary><c>&lt;unix ms&gt;-&lt;sequence&gt;</c>.</summary>
    public string Id => $"{FailedAt}-{Sequence}";
}

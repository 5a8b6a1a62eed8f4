namespace QStash.Emulator.Dashboard;

/// <summary>A message that others wait for.</summary>
/// <param name="MessageId">Its id.</param>
/// <param name="IsOpen">An attempt has begun and is not answered.</param>
/// <param name="Retried">Retries so far.</param>
/// <param name="NextAttempt">Unix milliseconds, while none is open.</param>
sealed record Blocker(string MessageId, bool IsOpen, int Retried, long? NextAttempt);

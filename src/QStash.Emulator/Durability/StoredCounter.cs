namespace QStash.Emulator.Durability;

/// <summary>How much was counted in a window of time.</summary>
sealed record StoredCounter(long Window, int Count);

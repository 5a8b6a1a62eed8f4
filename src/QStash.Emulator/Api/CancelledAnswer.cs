namespace QStash.Emulator.Api;

/// <summary>M2 and M3: how many messages were cancelled.</summary>
sealed record CancelledAnswer(int Cancelled);

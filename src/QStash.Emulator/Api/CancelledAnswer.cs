namespace QStash.Emulator.Api;

/// <summary>The number of cancelled messages; with an action, the number of messages that matched when it was accepted.</summary>
sealed record CancelledAnswer(int Cancelled, string? ActionId = null);

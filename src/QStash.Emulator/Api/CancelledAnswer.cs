namespace QStash.Emulator.Api;

/// <summary>How many messages were cancelled, or, with an action, matched when it was accepted.</summary>
sealed record CancelledAnswer(int Cancelled, string? ActionId = null);

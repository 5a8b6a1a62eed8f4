namespace QStash.Emulator.Api;

/// <summary>A page of dead letters.</summary>
sealed record DeadLetterPage(List<DeadLetterAnswer> Messages, string? Cursor);

namespace QStash.Emulator.Api;

/// <summary>D1: a page of dead letters.</summary>
sealed record DeadLetterPage(List<DeadLetterAnswer> Messages, string? Cursor);

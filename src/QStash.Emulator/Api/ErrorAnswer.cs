namespace QStash.Emulator.Api;

/// <summary>Every error has this body (contract 1.4).</summary>
sealed record ErrorAnswer(string Error);

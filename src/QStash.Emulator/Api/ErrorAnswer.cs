namespace QStash.Emulator.Api;

/// <summary>Every error has this body.</summary>
sealed record ErrorAnswer(string Error);

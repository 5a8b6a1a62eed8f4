namespace QStash.Emulator.Api;

/// <summary>D4: how many dead letters were deleted, and where to continue.</summary>
sealed record DeletedAnswer(int Deleted, string? Cursor);

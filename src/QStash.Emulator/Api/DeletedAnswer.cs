namespace QStash.Emulator.Api;

/// <summary>How many dead letters were deleted, and where to continue.</summary>
sealed record DeletedAnswer(int Deleted, string? Cursor);

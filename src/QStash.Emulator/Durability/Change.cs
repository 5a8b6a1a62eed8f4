namespace QStash.Emulator.Durability;

/// <summary>
/// One step of the journal: SQL that is carried out as a whole or not at all, and the values of <c>?1</c>, <c>?2</c> and so on.
/// Objects that are stored as JSON must not change: the thread that writes serializes them later.
/// </summary>
readonly record struct Change(string Sql, object?[] Values);

namespace QStash.Emulator.Durability;

/// <summary>
/// One step of the journal: SQL that is carried out as a whole or not at all, and what is bound to <c>?1</c>, <c>?2</c> and
/// so on. What is stored as JSON must not change any more; it is serialized on the thread that writes.
/// </summary>
readonly record struct Change(string Sql, object?[] Values);

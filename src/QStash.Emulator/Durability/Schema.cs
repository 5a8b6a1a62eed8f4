namespace QStash.Emulator.Durability;

/// <summary>
/// The tables of the data file. Times are unix milliseconds; <c>spec</c>, <c>entries</c>, <c>result</c> and the <c>value</c> of a
/// resource are JSON.
/// </summary>
static class Schema
{
    /// <summary>The version of the tables. It grows with each change of <see cref="Create"/>, and of what is stored as JSON.</summary>
    public const int Version = 2;

    /// <remarks>
    /// The parts of a message that never change have their own table, so that a retry does not write the body again. A row of
    /// <c>messages</c> lives as long as the message is pending, in the log or a dead letter. <c>slot</c> is the number of the message whose
    /// place in a queue a callback holds. A row of <c>log</c> has the entries of one transaction, up to the sequence <c>last</c>. The first
    /// row may begin with entries that were dropped, and whose messages are gone.
    /// </remarks>
    public const string Create = """
        CREATE TABLE messages (
          number INTEGER PRIMARY KEY, user TEXT NOT NULL, id TEXT NOT NULL, url TEXT NOT NULL, topic TEXT, endpoint TEXT,
          created_at INTEGER NOT NULL, not_before INTEGER NOT NULL, queue TEXT, spec BLOB NOT NULL, body BLOB NOT NULL);
        CREATE TABLE pending (
          number INTEGER PRIMARY KEY, due INTEGER NOT NULL, retried INTEGER NOT NULL DEFAULT 0, cancelled INTEGER NOT NULL DEFAULT 0,
          slot_queue TEXT, slot INTEGER);
        CREATE TABLE log (
          user TEXT, last INTEGER, entries BLOB NOT NULL,
          PRIMARY KEY (user, last)) WITHOUT ROWID;
        CREATE TABLE progress (value BLOB NOT NULL);
        CREATE TABLE dead_letters (
          user TEXT, sequence INTEGER, failed_at INTEGER NOT NULL, message INTEGER NOT NULL, result BLOB NOT NULL,
          PRIMARY KEY (user, sequence)) WITHOUT ROWID;
        CREATE TABLE deduplication (
          user TEXT, key TEXT, message_id TEXT NOT NULL, expires_at INTEGER NOT NULL,
          PRIMARY KEY (user, key)) WITHOUT ROWID;
        CREATE TABLE resources (
          user TEXT, kind TEXT, name TEXT, value BLOB NOT NULL,
          PRIMARY KEY (user, kind, name)) WITHOUT ROWID
        """;
}

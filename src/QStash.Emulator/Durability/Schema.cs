namespace QStash.Emulator.Durability;

/// <summary>
/// The tables of the data file. Times are unix milliseconds. <c>messages</c>, <c>entries</c>, <c>windows</c>, <c>result</c> and the
/// <c>value</c> of a resource are JSON.
/// </summary>
static class Schema
{
    /// <summary>The version of the tables. It grows with each change of <see cref="Create"/>, and of what is stored as JSON.</summary>
    public const int Version = 3;

    /// <remarks>
    /// A row of <c>messages</c> has the parts that never change of messages of a <see cref="MessageBlock"/> that were accepted together,
    /// from the number <c>first</c> on, and their bodies one after the other. It lives as long as any of them is pending, in the log or a
    /// dead letter. <c>finished</c> has a row for each block with messages that are over: a bit for each. <c>attempts</c> has a row for
    /// each message with a retry or a cancellation. A row of <c>log</c> has the entries of one transaction, up to the sequence
    /// <c>last</c>; when it was written, the log began with the sequence <c>start</c>. A row of <c>deduplication</c> has the windows that
    /// began in one transaction, and the last of them ends at the time <c>last</c>. A key may be in two rows; then the later row
    /// counts. Neither table is without a rowid: SQLite would read a whole row to compare its key.
    /// </remarks>
    public const string Create = """
        CREATE TABLE messages (first INTEGER PRIMARY KEY, user TEXT NOT NULL, messages BLOB NOT NULL, bodies BLOB NOT NULL);
        CREATE TABLE finished (first INTEGER PRIMARY KEY, user TEXT NOT NULL, messages INTEGER NOT NULL);
        CREATE TABLE attempts (
          number INTEGER PRIMARY KEY, user TEXT NOT NULL, due INTEGER, retried INTEGER NOT NULL DEFAULT 0,
          cancelled INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE log (user TEXT NOT NULL, last INTEGER NOT NULL, start INTEGER NOT NULL, entries BLOB NOT NULL);
        CREATE INDEX log_by_last ON log (user, last);
        CREATE TABLE progress (value BLOB NOT NULL);
        CREATE TABLE dead_letters (
          user TEXT, sequence INTEGER, failed_at INTEGER NOT NULL, message INTEGER NOT NULL, result BLOB NOT NULL,
          PRIMARY KEY (user, sequence)) WITHOUT ROWID;
        CREATE TABLE deduplication (user TEXT NOT NULL, last INTEGER NOT NULL, windows BLOB NOT NULL);
        CREATE INDEX deduplication_by_last ON deduplication (user, last);
        CREATE TABLE resources (
          user TEXT, kind TEXT, name TEXT, value BLOB NOT NULL,
          PRIMARY KEY (user, kind, name)) WITHOUT ROWID
        """;
}

using System.Text.Json;

namespace QStash.Emulator.Durability;

/// <summary>Writes the changes of a batch as one transaction.</summary>
sealed class BatchWriter(Statements statements)
{
    readonly List<StoredLogEntry> _entries = [];

    /// <param name="batch">What to write.</param>
    /// <param name="progress">The progress of the file after this batch.</param>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">Why it could not be written.</exception>
    public void Write(Batch batch, Progress progress)
    {
        statements.Run("BEGIN");
        foreach (var change in batch.Changes)
            statements.Run(change.Sql, change.Values);

        WriteLog(batch);
        foreach (var (user, start) in batch.LogStarts)
            statements.Run("DELETE FROM log WHERE user = ?1 AND last < ?2", user, start);

        DeleteRuns("DELETE FROM pending WHERE number BETWEEN ?1 AND ?2", batch.Finished);
        // This comes last: nothing may refer to a message that is deleted.
        DeleteRuns("DELETE FROM messages WHERE number BETWEEN ?1 AND ?2", batch.Deleted);
        statements.Run("UPDATE progress SET value = ?1", progress.ToBytes());
        statements.Run("COMMIT");
    }

    void WriteLog(Batch batch)
    {
        foreach (var user in batch.Logged.GroupBy(static logged => logged.User))
        {
            _entries.Clear();
            _entries.AddRange(user.Select(static logged => StoredLogEntry.Of(logged.Entry)));
            statements.Run(
                "INSERT INTO log (user, last, entries) VALUES (?1, ?2, ?3)",
                user.Key, _entries[^1].Sequence, JsonSerializer.SerializeToUtf8Bytes(_entries, StoredJson.Default.ListStoredLogEntry));
        }
    }

    /// <summary>Writes the numbers as ranges. Messages end mostly in the order they came, so most numbers follow one another.</summary>
    void DeleteRuns(string sql, List<long> numbers)
    {
        numbers.Sort();
        for (var i = 0; i < numbers.Count; i++)
        {
            var first = numbers[i];
            while (i + 1 < numbers.Count && numbers[i + 1] <= numbers[i] + 1)
                i++;

            statements.Run(sql, first, numbers[i]);
        }
    }
}

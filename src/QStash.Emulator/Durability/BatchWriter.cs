using System.Text.Json;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Durability;

/// <summary>Writes the changes of a batch as one transaction.</summary>
sealed class BatchWriter(Statements statements)
{
    /// <summary>A larger row has one message, so that its body is not copied. In bytes.</summary>
    const int LargestRow = 64 * 1024;

    /// <summary>The blocks that have rows, by number.</summary>
    readonly Dictionary<long, MessageBlock> _blocks = [];

    readonly Dictionary<string, long> _logStarts = new(StringComparer.Ordinal);
    readonly List<StoredMessage> _row = [];

    /// <summary>Learns which messages the file has.</summary>
    /// <param name="rows">The users of the rows, by the number of their first message.</param>
    /// <param name="messages">The messages.</param>
    /// <param name="finished">The bits of the messages that are over, by the first number of their block.</param>
    public void Load(
        IReadOnlyDictionary<long, string> rows, IReadOnlyCollection<Message> messages, IReadOnlyDictionary<long, uint> finished)
    {
        foreach (var (first, user) in rows)
            BlockOf(user, first).BeginRow(first);

        foreach (var message in messages)
            BlockOf(message.Account.Name, message.Number).Refer(message.Number);

        foreach (var block in _blocks.Values)
            block.Finished = finished.GetValueOrDefault(block.First);
    }

    /// <param name="batch">What to write.</param>
    /// <param name="progress">The progress of the file after this batch.</param>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">Why it could not be written.</exception>
    public void Write(Batch batch, Progress progress)
    {
        statements.Run("BEGIN");
        foreach (var user in batch.Resets)
            Forget(user);

        foreach (var change in batch.Changes)
            statements.Run(change.Sql, change.Values);

        WriteMessages(batch);
        WriteWindows(batch);
        WriteLog(batch);
        WriteFinished(batch);
        statements.Run("UPDATE progress SET value = ?1", progress.ToBytes());
        statements.Run("COMMIT");
    }

    /// <summary>Forgets a user whose account was reset.</summary>
    void Forget(string user)
    {
        _logStarts.Remove(user);
        foreach (var (number, block) in _blocks)
        {
            if (block.User == user)
                _blocks.Remove(number);
        }
    }

    void WriteMessages(Batch batch)
    {
        // The messages of several users alternate, and a row has those of one.
        batch.Accepted.Sort(static (x, y) => x.Message.Number.CompareTo(y.Message.Number));
        var bodies = 0;
        foreach (var (user, message) in batch.Accepted)
        {
            var block = BlockOf(user, message.Number);
            if (_row.Count > 0 && (_row[0].Number < block.First || bodies + message.BodySize > LargestRow))
                WriteRow();

            if (_row.Count == 0)
            {
                block.BeginRow(message.Number);
                bodies = 0;
            }

            block.Refer(message.Number);
            _row.Add(message);
            bodies += message.BodySize;
        }

        if (_row.Count > 0)
            WriteRow();
    }

    void WriteRow()
    {
        var first = _row[0].Number;
        statements.Run(
            "INSERT INTO messages (first, user, messages, bodies) VALUES (?1, ?2, ?3, ?4)",
            first, _blocks[MessageBlock.Of(first)].User, JsonSerializer.SerializeToUtf8Bytes(_row, StoredJson.Default.ListStoredMessage),
            Bodies());
        _row.Clear();
    }

    /// <summary>The bodies of the row, one after the other.</summary>
    byte[] Bodies()
    {
        if (_row is [var single])
            return single.Body;

        var bodies = new byte[_row.Sum(static message => message.BodySize)];
        var start = 0;
        foreach (var message in _row)
        {
            message.Body.CopyTo(bodies, start);
            start += message.BodySize;
        }

        return bodies;
    }

    void WriteWindows(Batch batch)
    {
        foreach (var (user, windows) in batch.Windows)
        {
            statements.Run(
                "INSERT INTO deduplication (user, last, windows) VALUES (?1, ?2, ?3)",
                user, windows.Max(static window => window.ExpiresAt),
                JsonSerializer.SerializeToUtf8Bytes(windows, StoredJson.Default.ListStoredWindow));
        }

        // This comes last, because windows of this batch may have ended.
        foreach (var (user, time) in batch.WindowEnds)
            statements.Run("DELETE FROM deduplication WHERE user = ?1 AND last <= ?2", user, time);
    }

    void WriteLog(Batch batch)
    {
        foreach (var (user, start) in batch.LogStarts)
            _logStarts[user] = start;

        foreach (var (user, entries) in batch.Logged)
        {
            statements.Run(
                "INSERT INTO log (user, last, start, entries) VALUES (?1, ?2, ?3, ?4)",
                user, entries[^1].Sequence, _logStarts.GetValueOrDefault(user),
                JsonSerializer.SerializeToUtf8Bytes(entries, StoredJson.Default.ListStoredLogEntry));
        }

        // This comes last, because entries of this batch may have been dropped.
        foreach (var (user, start) in batch.LogStarts)
            statements.Run("DELETE FROM log WHERE user = ?1 AND last < ?2", user, start);
    }

    void WriteFinished(Batch batch)
    {
        HashSet<MessageBlock> changed = [];
        foreach (var message in batch.Finished)
        {
            // The messages of an account that was reset are not known any more.
            if (_blocks.TryGetValue(MessageBlock.Of(message), out var block))
            {
                block.Finished |= MessageBlock.Bit(message);
                changed.Add(block);
            }
        }

        foreach (var message in batch.Deleted)
        {
            if (_blocks.TryGetValue(MessageBlock.Of(message), out var block))
            {
                block.Release(message);
                changed.Add(block);
            }
        }

        List<(long First, long Last)> rows = [.. changed.SelectMany(static block => block.TakeUnreferenced())];
        List<(long First, long Last)> blocks = [];
        foreach (var block in changed)
        {
            if (block.IsEmpty)
            {
                _blocks.Remove(MessageBlock.Of(block.First));
                blocks.Add((block.First, block.First + MessageBlock.Size - 1));
            }
            else
            {
                statements.Run(
                    "INSERT OR REPLACE INTO finished (first, user, messages) VALUES (?1, ?2, ?3)", block.First, block.User, block.Finished);
            }
        }

        DeleteRuns(
            "DELETE FROM messages WHERE first BETWEEN ?1 AND ?2; DELETE FROM attempts WHERE number BETWEEN ?1 AND ?2", rows);
        DeleteRuns("DELETE FROM finished WHERE first BETWEEN ?1 AND ?2", blocks);
    }

    /// <summary>Deletes ranges in runs. Messages end mostly in the order they came, so most ranges follow one another.</summary>
    void DeleteRuns(string sql, List<(long First, long Last)> ranges)
    {
        ranges.Sort();
        for (var i = 0; i < ranges.Count; i++)
        {
            var first = ranges[i].First;
            while (i + 1 < ranges.Count && ranges[i + 1].First == ranges[i].Last + 1)
                i++;

            statements.Run(sql, first, ranges[i].Last);
        }
    }

    MessageBlock BlockOf(string user, long message)
    {
        var number = MessageBlock.Of(message);
        if (!_blocks.TryGetValue(number, out var block))
            _blocks.Add(number, block = new MessageBlock(number, user));

        return block;
    }
}

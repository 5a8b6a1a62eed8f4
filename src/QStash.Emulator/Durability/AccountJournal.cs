using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Durability;

/// <summary>
/// Turns the events of an account into changes of the data file. All methods need the account's gate. If two changes belong together, the
/// one that must not get lost comes first, because a crash may come between them.
/// </summary>
sealed class AccountJournal(Journal journal, string user) : IAccountJournal
{
    // The messages of a block belong to one user.
    long _nextNumber;

    public Lock.Scope Hold() => journal.Hold();

    public void Created(Message message, string? key, long windowEnd)
    {
        if (_nextNumber % MessageBlock.Size == 0)
            _nextNumber = journal.NextBlock() * MessageBlock.Size;

        message.Number = _nextNumber++;
        message.References = 1;
        var stored = StoredMessage.Of(message);
        message.Durable = journal.AppendMessage(user, stored, key is null ? null : new StoredWindow(key, stored.Id, windowEnd));
    }

    public void Retrying(Message message, long due) => message.Durable = Append(
        """
        INSERT INTO attempts (number, user, due, retried) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (number) DO UPDATE SET due = ?3, retried = ?4
        """,
        message.Number, user, due, message.Retried);

    public void CancelRequested(Message message) => Append(
        "INSERT INTO attempts (number, user, cancelled) VALUES (?1, ?2, 1) ON CONFLICT (number) DO UPDATE SET cancelled = 1",
        message.Number, user);

    public void Finished(Message message)
    {
        journal.AppendFinished(message.Number);
        Release(message);
    }

    public void Logged(LogEntry entry)
    {
        entry.Message.References++;
        journal.AppendLogged(user, entry);
    }

    public void Dropped(LogEntry entry)
    {
        journal.AppendLogStart(user, entry.Sequence + 1);
        Release(entry.Message);
    }

    public void Added(DeadLetter letter)
    {
        letter.Message.References++;
        Append(
            "INSERT INTO dead_letters (user, sequence, failed_at, message, result) VALUES (?1, ?2, ?3, ?4, ?5)",
            user, letter.Sequence, letter.FailedAt, letter.Message.Number, letter.Result);
    }

    public void Removed(DeadLetter letter)
    {
        Append("DELETE FROM dead_letters WHERE user = ?1 AND sequence = ?2", user, letter.Sequence);
        Release(letter.Message);
    }

    public void WindowsEnded(long time) => journal.AppendWindowEnd(user, time);

    public void Save(BulkAction action) =>
        Save(ResourceKind.BulkAction, action.Id, StoredBulkAction.Of(action), StoredJson.Default.StoredBulkAction);

    public void Save(FifoQueue queue) => Save(ResourceKind.Queue, queue.Name, StoredQueue.Of(queue), StoredJson.Default.StoredQueue);

    public void Save(FlowControlKey key) =>
        Save(ResourceKind.FlowControlKey, key.Name, StoredFlowControlKey.Of(key), StoredJson.Default.StoredFlowControlKey);

    public void Save(Schedule schedule) =>
        Save(ResourceKind.Schedule, schedule.Id, StoredSchedule.Of(schedule), StoredJson.Default.StoredSchedule);

    public void Save(SigningKeys keys) => Save(ResourceKind.SigningKeys, "", keys, StoredJson.Default.SigningKeys);

    public void Save(UrlGroup group) =>
        Save(ResourceKind.UrlGroup, group.Name, StoredUrlGroup.Of(group), StoredJson.Default.StoredUrlGroup);

    public void SaveMessagesOfDay(long day, int count) =>
        Save(ResourceKind.MessagesToday, "", new StoredCounter(day, count), StoredJson.Default.StoredCounter);

    public void Remove(BulkAction action) => Remove(ResourceKind.BulkAction, action.Id);

    public void Remove(FifoQueue queue) => Remove(ResourceKind.Queue, queue.Name);

    public void Remove(Schedule schedule) => Remove(ResourceKind.Schedule, schedule.Id);

    public void Remove(UrlGroup group) => Remove(ResourceKind.UrlGroup, group.Name);

    public void Reset()
    {
        // A new block, because changes of the old messages may still be on their way to the file.
        _nextNumber = 0;
        journal.AppendReset(user, new Change(
            """
            DELETE FROM messages WHERE user = ?1;
            DELETE FROM finished WHERE user = ?1;
            DELETE FROM attempts WHERE user = ?1;
            DELETE FROM log WHERE user = ?1;
            DELETE FROM dead_letters WHERE user = ?1;
            DELETE FROM deduplication WHERE user = ?1;
            DELETE FROM resources WHERE user = ?1
            """,
            [user]));
    }

    void Save<T>(ResourceKind kind, string name, T value, JsonTypeInfo<T> type) => Append(
        "INSERT OR REPLACE INTO resources (user, kind, name, value) VALUES (?1, ?2, ?3, ?4)",
        user, kind.ToString(), name, JsonSerializer.SerializeToUtf8Bytes(value, type));

    void Remove(ResourceKind kind, string name) =>
        Append("DELETE FROM resources WHERE user = ?1 AND kind = ?2 AND name = ?3", user, kind.ToString(), name);

    void Release(Message message)
    {
        if (--message.References == 0)
            journal.AppendDeleted(message.Number);
    }

    Task Append(string sql, params object?[] values) => journal.Append(new Change(sql, values));
}

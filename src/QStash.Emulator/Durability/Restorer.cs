using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Data.Sqlite;
using QStash.Emulator.Messages;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Durability;

/// <summary>Fills the accounts from a data file.</summary>
sealed class Restorer(SqliteConnection connection, IReadOnlyList<Account> accounts)
{
    readonly Dictionary<string, Account> _accounts = accounts.ToDictionary(account => account.Name, StringComparer.Ordinal);
    readonly Dictionary<long, Message> _messages = [];

    // Queues that were deleted while some of their messages had begun.
    readonly Dictionary<(Account, string), FifoQueue> _deletedQueues = [];

    // The key is the number of the message that took the place.
    readonly Dictionary<long, QueueSlot> _slots = [];
    readonly HashSet<long> _sharedSlots = [];
    readonly List<Resumption> _resumptions = [];

    /// <summary>The highest number a message has.</summary>
    public long LastNumber { get; private set; }

    /// <summary>The messages that are neither pending nor in the log nor dead letters.</summary>
    public IEnumerable<Message> Unreferenced => _messages.Values.Where(static message => message.References == 0);

    /// <returns>The messages that had begun or wait only for their time, in the order they were accepted.</returns>
    public List<Resumption> Run()
    {
        Read("SELECT user, kind, value FROM resources", ReadResource);
        Read(
            "SELECT user, number, id, url, topic, endpoint, created_at, not_before, queue, spec, body FROM messages ORDER BY number",
            ReadMessage);
        Read("SELECT user, entries FROM log ORDER BY user, last", ReadLogEntries);
        Read("SELECT user, sequence, failed_at, message, result FROM dead_letters ORDER BY user, sequence", ReadDeadLetter);
        Read("SELECT user, key, message_id, expires_at FROM deduplication ORDER BY expires_at", ReadDeduplication);
        Read("SELECT DISTINCT slot FROM pending WHERE slot IS NOT NULL", row => _sharedSlots.Add(row.GetInt64(0)));
        Read("SELECT number, due, retried, cancelled, slot_queue, slot FROM pending ORDER BY number", ReadPending);
        return _resumptions;
    }

    void ReadResource(SqliteDataReader row)
    {
        var account = AccountOf(row);
        switch (Enum.Parse<ResourceKind>(row.GetString(1)))
        {
            case ResourceKind.BulkAction:
                account.BulkActions.Restore(Json(row, 2, StoredJson.Default.StoredBulkAction).Restore());
                break;
            case ResourceKind.FlowControlKey:
                var key = Json(row, 2, StoredJson.Default.StoredFlowControlKey).Restore();
                account.FlowControlKeys.Add(key.Name, key);
                break;
            case ResourceKind.MessagesToday:
                var counter = Json(row, 2, StoredJson.Default.StoredCounter);
                account.MessagesToday.Restore(counter.Window, counter.Count);
                break;
            case ResourceKind.Queue:
                var queue = Json(row, 2, StoredJson.Default.StoredQueue).Restore();
                account.Queues.Add(queue.Name, queue);
                break;
            case ResourceKind.Schedule:
                var schedule = Json(row, 2, StoredJson.Default.StoredSchedule).Restore();
                account.Schedules.Add(schedule.Id, schedule);
                break;
            case ResourceKind.SigningKeys:
                account.Restore(Json(row, 2, StoredJson.Default.SigningKeys));
                break;
            case ResourceKind.UrlGroup:
                var group = Json(row, 2, StoredJson.Default.StoredUrlGroup).Restore();
                account.UrlGroups.Add(group.Name, group);
                break;
        }
    }

    void ReadMessage(SqliteDataReader row)
    {
        var account = AccountOf(row);
        var spec = Json(row, 9, StoredJson.Default.MessageSpec) with { Body = row.GetFieldValue<byte[]>(10) };
        var message = new Message
        {
            Number = row.GetInt64(1),
            Id = row.GetString(2),
            Account = account,
            Spec = spec,
            Target = MessageTarget.Of(row.GetString(3), Text(row, 4), Text(row, 5)),
            CreatedAt = row.GetInt64(6),
            NotBefore = row.GetInt64(7),
            Queue = Text(row, 8) is { } name ? Queue(account, name) : null,
            FlowControl = spec.FlowControl is { Key: var key } ? account.FlowControlKeys.GetValueOrDefault(key) : null,
            Phase = MessagePhase.Finished,
        };
        _messages.Add(message.Number, message);
        LastNumber = message.Number;
    }

    void ReadLogEntries(SqliteDataReader row)
    {
        var log = AccountOf(row).Log;
        foreach (var entry in Json(row, 1, StoredJson.Default.ListStoredLogEntry))
        {
            // The oldest row may still have entries that were dropped, and whose messages are gone.
            if (!_messages.TryGetValue(entry.Message, out var message))
                continue;

            message.References++;
            log.Restore(entry.Restore(message));
        }
    }

    void ReadDeadLetter(SqliteDataReader row)
    {
        var message = _messages[row.GetInt64(3)];
        message.References++;
        AccountOf(row).DeadLetters.Restore(
            new DeadLetter(row.GetInt64(1), row.GetInt64(2), message, Json(row, 4, StoredJson.Default.AttemptResult)));
    }

    void ReadDeduplication(SqliteDataReader row) =>
        AccountOf(row).Deduplication.Restore(row.GetString(1), row.GetString(2), row.GetInt64(3));

    void ReadPending(SqliteDataReader row)
    {
        var message = _messages[row.GetInt64(0)];
        message.Account.Messages.Add(message);
        message.References++;
        message.Phase = MessagePhase.Waiting;
        message.Retried = row.GetInt32(2);
        message.CancelRequested = row.GetBoolean(3);
        if (!row.IsDBNull(5))
        {
            Occupy(message, Queue(message.Account, row.GetString(4)), row.GetInt64(5));
        }
        else if (message.Queue is { } queue)
        {
            if (!HasBegun(message, queue))
            {
                queue.Add(message);
                return;
            }

            queue.Lag++;
            Occupy(message, queue, message.Number);
        }

        _resumptions.Add(new Resumption(message, row.GetInt64(1)));
    }

    /// <summary>
    /// Whether the file shows that a message had its turn. The file does not show that a first attempt was open; then the message is the
    /// first one that waits.
    /// </summary>
    bool HasBegun(Message message, FifoQueue queue) =>
        message.Retried > 0
        || message.CancelRequested
        || _sharedSlots.Contains(message.Number)
        || _deletedQueues.ContainsKey((message.Account, queue.Name));

    void Occupy(Message message, FifoQueue queue, long owner)
    {
        if (_slots.TryGetValue(owner, out var slot))
            slot.Share();
        else
            _slots.Add(owner, slot = queue.Occupy(owner));

        message.Slot = slot;
    }

    FifoQueue Queue(Account account, string name)
    {
        if (account.Queues.TryGetValue(name, out var queue) || _deletedQueues.TryGetValue((account, name), out queue))
            return queue;

        _deletedQueues.Add((account, name), queue = new FifoQueue(name, createdAt: 0) { Parallelism = int.MaxValue });
        return queue;
    }

    void Read(string sql, Action<SqliteDataReader> use)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var row = command.ExecuteReader();
        while (row.Read())
            use(row);
    }

    /// <summary>The account that the first column names.</summary>
    Account AccountOf(SqliteDataReader row) => _accounts[row.GetString(0)];

    static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    static T Json<T>(SqliteDataReader row, int column, JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(column), type)
        ?? throw new JsonException("null is stored where a value has to be");
}

using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Data.Sqlite;
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
    readonly Dictionary<long, string> _rows = [];
    readonly Dictionary<long, uint> _finished = [];
    readonly Dictionary<long, (long? Due, int Retried, bool Cancelled)> _attempts = [];
    readonly Dictionary<string, long> _logStarts = new(StringComparer.Ordinal);
    readonly Dictionary<(Account, string), StoredWindow> _windows = [];
    readonly List<(Message Message, string? SlotQueue, long? Slot)> _pending = [];
    readonly List<Resumption> _resumptions = [];

    /// <summary>The highest number a message has.</summary>
    public long LastNumber { get; private set; }

    /// <summary>The users of the rows of messages, by the number of their first message.</summary>
    public IReadOnlyDictionary<long, string> Rows => _rows;

    /// <summary>All messages, also those that nothing refers to.</summary>
    public IReadOnlyCollection<Message> Messages => _messages.Values;

    /// <summary>The bits of the messages that are over, by the first number of their block.</summary>
    public IReadOnlyDictionary<long, uint> Finished => _finished;

    /// <returns>The messages that had begun or wait only for their time, in the order they were accepted.</returns>
    public List<Resumption> Run()
    {
        Read("SELECT user, kind, value FROM resources", ReadResource);
        Read("SELECT first, messages FROM finished", row => _finished.Add(row.GetInt64(0), (uint)row.GetInt64(1)));
        Read("SELECT user, first, messages, bodies FROM messages ORDER BY first", ReadMessages);
        Read("SELECT user, MAX(start) FROM log GROUP BY user", row => _logStarts.Add(row.GetString(0), row.GetInt64(1)));
        Read("SELECT user, entries FROM log ORDER BY user, last", ReadLogEntries);
        Read("SELECT user, sequence, failed_at, message, result FROM dead_letters ORDER BY user, sequence", ReadDeadLetter);
        Read("SELECT user, windows FROM deduplication ORDER BY rowid", ReadDeduplication);
        foreach (var ((account, _), window) in _windows)
            account.Deduplication.Restore(window.Key, MessageId.Parse(window.Message), window.ExpiresAt);

        Read("SELECT number, due, retried, cancelled FROM attempts", ReadAttempts);
        foreach (var (message, slotQueue, slot) in _pending)
            Resume(message, slotQueue, slot);

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

    void ReadMessages(SqliteDataReader row)
    {
        var account = AccountOf(row);
        _rows.Add(row.GetInt64(1), account.Name);
        var finished = _finished.GetValueOrDefault(row.GetInt64(1) - (row.GetInt64(1) % MessageBlock.Size));
        var bodies = row.GetFieldValue<byte[]>(3);
        var start = 0;
        foreach (var stored in Json(row, 2, StoredJson.Default.ListStoredMessage))
        {
            var end = start + stored.BodySize;
            var message = stored.Restore(account, bodies[start..end], stored.Queue is { } name ? Queue(account, name) : null);
            start = end;
            _messages.Add(message.Number, message);
            LastNumber = message.Number;
            if ((finished & MessageBlock.Bit(message.Number)) != 0)
                continue;

            _pending.Add((message, stored.SlotQueue, stored.Slot));
            if (stored.Slot is { } slot)
                _sharedSlots.Add(slot);
        }
    }

    void ReadAttempts(SqliteDataReader row) => _attempts.Add(
        row.GetInt64(0), (row.IsDBNull(1) ? null : row.GetInt64(1), row.GetInt32(2), row.GetBoolean(3)));

    void ReadLogEntries(SqliteDataReader row)
    {
        var account = AccountOf(row);
        foreach (var entry in Json(row, 1, StoredJson.Default.ListStoredLogEntry))
        {
            // The oldest row may still have entries that were dropped.
            if (entry.Sequence < _logStarts[account.Name] || !_messages.TryGetValue(entry.Message, out var message))
                continue;

            message.References++;
            account.Log.Restore(entry.Restore(message));
        }
    }

    void ReadDeadLetter(SqliteDataReader row)
    {
        var message = _messages[row.GetInt64(3)];
        message.References++;
        AccountOf(row).DeadLetters.Restore(
            new DeadLetter(row.GetInt64(1), row.GetInt64(2), message, Json(row, 4, StoredJson.Default.AttemptResult)));
    }

    void ReadDeduplication(SqliteDataReader row)
    {
        var account = AccountOf(row);
        foreach (var window in Json(row, 1, StoredJson.Default.ListStoredWindow))
            _windows[(account, window.Key)] = window;
    }

    void Resume(Message message, string? slotQueue, long? slot)
    {
        var (due, retried, cancelled) = _attempts.GetValueOrDefault(message.Number);
        message.Account.Messages.Add(message);
        message.References++;
        message.Phase = MessagePhase.Waiting;
        message.Retried = retried;
        message.CancelRequested = cancelled;
        if (slotQueue is not null && slot is { } owner)
        {
            Occupy(message, Queue(message.Account, slotQueue), owner);
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

        _resumptions.Add(new Resumption(message, due ?? message.NotBefore));
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

using MassTransit.QStash.Soak.Judging;
using Microsoft.Data.Sqlite;

namespace MassTransit.QStash.Soak.Services;

/// <summary>
/// The database of orders: outbox, inbox and what they are about. A commit is in the hands of the operating system when it
/// returns, which is where a SIGKILL cannot reach it.
/// </summary>
sealed class OrderBook : IDisposable
{
    readonly SemaphoreSlim _gate = new(1);
    readonly SqliteConnection _connection;

    public OrderBook(string folder)
    {
        _connection = new SqliteConnection($"Data Source={Path.Combine(folder, "orders.db")};Pooling=False");
        _connection.Open();
        Run("""
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = NORMAL;
            CREATE TABLE IF NOT EXISTS outbox (number INTEGER PRIMARY KEY);
            CREATE TABLE IF NOT EXISTS placed (count INTEGER NOT NULL);
            CREATE TABLE IF NOT EXISTS inbox (message_id TEXT PRIMARY KEY) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS billed (number INTEGER NOT NULL);
            CREATE TABLE IF NOT EXISTS settled (kind TEXT NOT NULL, number INTEGER NOT NULL)
            """);
    }

    /// <summary>Puts the orders into the outbox, once.</summary>
    public void Place(int count) => Run("""
        BEGIN;
        WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < $value)
        INSERT INTO outbox SELECT n FROM numbers WHERE NOT EXISTS (SELECT 1 FROM placed);
        INSERT INTO placed SELECT $value WHERE NOT EXISTS (SELECT 1 FROM placed);
        COMMIT
        """, count);

    /// <summary>The orders whose publish has not returned.</summary>
    public List<int> Unconfirmed() => Enter(() => Numbers("SELECT number FROM outbox"));

    public void Confirm(int order) => Enter(() => Run("DELETE FROM outbox WHERE number = $value", order));

    /// <summary>Runs what a message is to do in one transaction with the record of its id.</summary>
    /// <returns>False, and nothing was done, if the id is there already.</returns>
    public async Task<bool> OnceAsync(Guid messageId, Func<Task> effect, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await using var transaction = await _connection.BeginTransactionAsync(cancellationToken);
            if (Run("INSERT OR IGNORE INTO inbox VALUES ($value)", messageId) == 0)
                return false;

            await effect();
            await transaction.CommitAsync(cancellationToken);
            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>What a message is to do. Twice would show, as nothing is unique here.</summary>
    public void MarkBilled(int order) => Run("INSERT INTO billed VALUES ($value)", order);

    /// <summary>The orders that were marked, each as often as it was.</summary>
    public List<int> Billed() => Enter(() => Numbers("SELECT number FROM billed"));

    /// <summary>What a message of a kind beside the orders is to do.</summary>
    public void Settle(SideEffect effect)
    {
        using var command = Command("INSERT INTO settled VALUES ($kind, $value)", effect.Order);
        command.Parameters.AddWithValue("$kind", effect.Kind);
        command.ExecuteNonQuery();
    }

    /// <summary>The effects of those, each as often as it happened.</summary>
    public List<SideEffect> Settled() => Enter(() =>
    {
        using var command = Command("SELECT kind, number FROM settled", null);
        using var reader = command.ExecuteReader();
        List<SideEffect> effects = [];
        while (reader.Read())
            effects.Add(new SideEffect(reader.GetString(0), reader.GetInt32(1)));

        return effects;
    });

    public void Dispose()
    {
        _connection.Dispose();
        _gate.Dispose();
    }

    T Enter<T>(Func<T> work)
    {
        _gate.Wait();
        try
        {
            return work();
        }
        finally
        {
            _gate.Release();
        }
    }

    int Run(string sql, object? value = null)
    {
        using var command = Command(sql, value);
        return command.ExecuteNonQuery();
    }

    List<int> Numbers(string sql)
    {
        using var command = Command(sql, null);
        using var reader = command.ExecuteReader();
        List<int> numbers = [];
        while (reader.Read())
            numbers.Add(reader.GetInt32(0));

        return numbers;
    }

    SqliteCommand Command(string sql, object? value)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        if (value is not null)
            command.Parameters.AddWithValue("$value", value);

        return command;
    }
}

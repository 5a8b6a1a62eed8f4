using System.Text.Json;
using Microsoft.Data.Sqlite;
using QStash.Emulator.Storage;
using SQLitePCL;

namespace QStash.Emulator.Durability;

/// <summary>
/// Runs SQL with positional values, and compiles each text once. It calls SQLite directly, because a statement takes a microsecond
/// or two, and twice as long through a <see cref="SqliteCommand"/>.
/// </summary>
sealed class Statements(SqliteConnection connection) : IDisposable
{
    readonly sqlite3 _database = connection.Handle!;
    readonly Dictionary<string, sqlite3_stmt[]> _compiled = new(StringComparer.Ordinal);

    /// <param name="sql">One statement or several, separated by semicolons.</param>
    /// <param name="values">The values of <c>?1</c> and so on, in each statement.</param>
    /// <exception cref="SqliteException">The statement failed.</exception>
    public void Run(string sql, params ReadOnlySpan<object?> values)
    {
        if (!_compiled.TryGetValue(sql, out var statements))
            _compiled.Add(sql, statements = Compile(sql));

        foreach (var statement in statements)
            Run(statement, values);
    }

    public void Dispose()
    {
        foreach (var statement in _compiled.Values.SelectMany(static statements => statements))
            statement.Dispose();
    }

    void Run(sqlite3_stmt statement, ReadOnlySpan<object?> values)
    {
        var count = Math.Min(values.Length, raw.sqlite3_bind_parameter_count(statement));
        for (var i = 0; i < count; i++)
            Check(Bind(statement, i + 1, values[i]));

        var result = raw.sqlite3_step(statement);
        raw.sqlite3_reset(statement);
        if (result is not (raw.SQLITE_DONE or raw.SQLITE_ROW))
            Check(result);
    }

    sqlite3_stmt[] Compile(string sql)
    {
        List<sqlite3_stmt> statements = [];
        while (!string.IsNullOrWhiteSpace(sql))
        {
            Check(raw.sqlite3_prepare_v2(_database, sql, out var statement, out sql));
            statements.Add(statement);
        }

        return [.. statements];
    }

    void Check(int result) => SqliteException.ThrowExceptionForRC(result, _database);

    static int Bind(sqlite3_stmt statement, int index, object? value) => value switch
    {
        null => raw.sqlite3_bind_null(statement, index),
        long number => raw.sqlite3_bind_int64(statement, index, number),
        int number => raw.sqlite3_bind_int64(statement, index, number),
        uint number => raw.sqlite3_bind_int64(statement, index, number),
        string text => raw.sqlite3_bind_text(statement, index, text),
        byte[] bytes => BindBytes(statement, index, bytes),
        AttemptResult result => BindBytes(statement, index, JsonSerializer.SerializeToUtf8Bytes(result, StoredJson.Default.AttemptResult)),
        _ => throw new ArgumentException($"A {value.GetType()} cannot be bound."),
    };

    /// <summary>An empty span would be bound as NULL.</summary>
    static int BindBytes(sqlite3_stmt statement, int index, byte[] bytes) =>
        bytes.Length > 0 ? raw.sqlite3_bind_blob(statement, index, bytes) : raw.sqlite3_bind_zeroblob(statement, index, 0);
}

using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using QStash.Emulator.Messages;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Durability;

/// <summary>Runs SQL with positional values, and compiles each text once.</summary>
sealed class Statements(SqliteConnection connection) : IDisposable
{
    readonly Dictionary<string, SqliteCommand> _compiled = new(StringComparer.Ordinal);

    public void Run(string sql, params ReadOnlySpan<object?> values)
    {
        if (!_compiled.TryGetValue(sql, out var command))
            _compiled.Add(sql, command = Compile(sql, values.Length));

        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = Bindable(values[i]);

        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        foreach (var command in _compiled.Values)
            command.Dispose();
    }

    SqliteCommand Compile(string sql, int count)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 1; i <= count; i++)
            command.Parameters.Add(new SqliteParameter(string.Create(CultureInfo.InvariantCulture, $"${i}"), null));

        return command;
    }

    static object Bindable(object? value) => value switch
    {
        null => DBNull.Value,
        MessageSpec spec => JsonSerializer.SerializeToUtf8Bytes(spec, StoredJson.Default.MessageSpec),
        AttemptResult result => JsonSerializer.SerializeToUtf8Bytes(result, StoredJson.Default.AttemptResult),
        _ => value,
    };
}

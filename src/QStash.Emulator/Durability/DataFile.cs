using Microsoft.Data.Sqlite;

namespace QStash.Emulator.Durability;

/// <summary>Opens the SQLite file of the durable mode, makes it if there is none, and keeps other processes out of it.</summary>
static class DataFile
{
    // SQLite's result codes.
    const int Busy = 5;
    const int ReadOnly = 8;
    const int Corrupt = 11;
    const int CannotOpen = 14;
    const int NotADatabase = 26;

    /// <summary>"QSEM": what tells our file from those of other programs.</summary>
    const long ApplicationId = 0x5153454D;

    /// <exception cref="DataPathException">Why the file cannot be used.</exception>
    public static SqliteConnection Open(string path)
    {
        try
        {
            // The full path, because SQLite would take names such as ":memory:" for something else.
            path = Path.GetFullPath(path);
        }
        catch (ArgumentException exception)
        {
            throw new DataPathException(path, "it is not the path of a file", exception);
        }

        if (Directory.Exists(path))
            throw new DataPathException(path, "it is a directory, and has to be a file");

        if (!Directory.Exists(Path.GetDirectoryName(path)))
            throw new DataPathException(path, "its directory does not exist");

        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Pooling = false,
            // How many seconds to wait for a process that is just ending.
            DefaultTimeout = 1,
        }.ConnectionString);
        try
        {
            connection.Open();
            Prepare(connection, path);
            return connection;
        }
        catch (SqliteException exception)
        {
            connection.Dispose();
            throw new DataPathException(path, Explain(exception), exception);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    static void Prepare(SqliteConnection connection, string path)
    {
        // Exclusive and before anything else, so that the first access takes the lock and never gives it back.
        Execute(connection, "PRAGMA locking_mode = EXCLUSIVE");
        var application = Number(connection, "PRAGMA application_id");
        var version = Number(connection, "PRAGMA user_version");
        var isNew = application == 0 && version == 0 && Number(connection, "SELECT COUNT(*) FROM sqlite_schema") == 0;
        if (!isNew && application != ApplicationId)
            throw new DataPathException(path, "it belongs to another program");

        if (version > Schema.Version)
            throw new DataPathException(path, $"it was written by a newer version of the emulator (its schema is {version}, and {Schema.Version} the newest known here)");

        Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000");
        Execute(connection, isNew
            ? $"BEGIN IMMEDIATE; {Schema.Create}; PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Schema.Version}; COMMIT"
            // Writes nothing, and fails if the file cannot be written.
            : "BEGIN IMMEDIATE; COMMIT");
    }

    static string Explain(SqliteException exception) => exception.SqliteErrorCode switch
    {
        Busy => "another process has it open, and a file serves one emulator at a time",
        ReadOnly or CannotOpen => "it cannot be opened for writing",
        Corrupt => "it is damaged",
        NotADatabase => "it is not a data file of the emulator",
        _ => exception.Message.TrimEnd('.'),
    };

    static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}

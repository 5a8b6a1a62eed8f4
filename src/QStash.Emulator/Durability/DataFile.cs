using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace QStash.Emulator.Durability;

/// <summary>The SQLite file of the durable mode. It is created if there is none, and no other process can open it.</summary>
sealed partial class DataFile : IDisposable
{
    public const int PageSize = 4096;

    // SQLite's result codes.
    const int Busy = 5;
    const int ReadOnly = 8;
    const int Corrupt = 11;
    const int Full = 13;
    const int CannotOpen = 14;
    const int NotADatabase = 26;

    /// <summary>SQLite's option to leave the write-ahead log as it is when the file is closed.</summary>
    const int NoCheckpointOnClose = 1006;

    /// <summary>SQLite's number of the counter of pages that were written.</summary>
    const int PagesWritten = 9;

    /// <summary>With so many pages, the write-ahead log is emptied into the file when there is time.</summary>
    const int LargeLog = 1000;

    /// <summary>With so many pages it is emptied at once. They take 32 MB.</summary>
    const int LargestLog = 8000;

    /// <summary>"QSEM". It distinguishes our file from those of other programs.</summary>
    const long ApplicationId = 0x5153454D;

    readonly ILogger _logger;
    readonly string _path;
    ProgressMark? _mark;
    long _pagesInLog;

    /// <exception cref="DataPathException">Why the file cannot be used.</exception>
    public DataFile(string path, bool acceptsLoss, TimeProvider time, ILogger logger)
    {
        _logger = logger;
        try
        {
            // Use the full path, because SQLite gives a name such as ":memory:" a special meaning.
            path = _path = Path.GetFullPath(path);
        }
        catch (ArgumentException exception)
        {
            throw new DataPathException(path, "it is not the path of a file", exception);
        }

        if (Directory.Exists(path))
            throw new DataPathException(path, "it is a directory, and has to be a file");

        if (!Directory.Exists(Path.GetDirectoryName(path)))
            throw new DataPathException(path, "its directory does not exist");

        Connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Pooling = false,
            // How many seconds to wait for a process that is just ending.
            DefaultTimeout = 1,
        }.ConnectionString);
        try
        {
            Open(acceptsLoss, time.GetUtcNow().ToUnixTimeMilliseconds());
        }
        catch (Exception exception)
        {
            Dispose();
            throw exception switch
            {
                SqliteException sqlite => new DataPathException(path, Explain(sqlite), sqlite),
                UnauthorizedAccessException or IOException and not DataPathException =>
                    new DataPathException(path, exception.Message.TrimEnd('.'), exception),
                _ => exception,
            };
        }
    }

    public SqliteConnection Connection { get; }

    /// <summary>The progress of the file.</summary>
    public Progress Progress { get; private set; } = null!;

    /// <summary>What went wrong, in plain words.</summary>
    public static string Explain(SqliteException exception) => exception.SqliteErrorCode switch
    {
        Busy => "another process has it open, and a file serves one emulator at a time",
        ReadOnly or CannotOpen => "it cannot be opened for writing",
        Corrupt => "it is damaged",
        Full => "the disk is full",
        NotADatabase => "it is not a data file of the emulator",
        _ => exception.Message.TrimEnd('.'),
    };

    /// <summary>Notes that a transaction is in the file.</summary>
    public void Committed(Progress progress)
    {
        _mark!.Write(progress);
        Progress = progress;
        raw.sqlite3_db_status(Connection.Handle, PagesWritten, out var pages, out _, resetFlg: 1);
        _pagesInLog += pages;
    }

    /// <summary>Whether it is time for a <see cref="Checkpoint"/>.</summary>
    public bool IsLogLarge => _pagesInLog >= LargeLog;

    /// <summary>Whether it cannot wait any more.</summary>
    public bool IsLogTooLarge => _pagesInLog >= LargestLog;

    /// <summary>Empties the write-ahead log into the file. SQLite would do it within a transaction.</summary>
    public void Checkpoint()
    {
        // If it fails, the log only grows, as it does with SQLite's own.
        raw.sqlite3_wal_checkpoint_v2(Connection.Handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _);
        _pagesInLog = 0;
    }

    public void Dispose()
    {
        _mark?.Dispose();
        Connection.Dispose();
    }

    /// <summary>Closes the file when everything is in it.</summary>
    public void Close()
    {
        Connection.Dispose();
        if (!File.Exists(LogPath))
            _mark!.Delete();
    }

    string LogPath => _path + "-wal";

    void Open(bool acceptsLoss, long now)
    {
        // This comes before the file is opened, because SQLite deletes the log of an empty file.
        var exists = new FileInfo(_path) is { Exists: true, Length: > 0 };
        if (!exists)
            CheckEmptied(acceptsLoss);

        Connection.Open();
        // This comes before anything else, so that the first access takes the lock and keeps it.
        Execute("PRAGMA locking_mode = EXCLUSIVE");
        // Until the log is known to be complete, closing the file must not change it.
        raw.sqlite3_db_config(Connection.Handle, NoCheckpointOnClose, 1, out _);
        var application = Number("PRAGMA application_id");
        var version = Number("PRAGMA user_version");
        var isNew = application == 0 && version == 0 && Number("SELECT COUNT(*) FROM sqlite_schema") == 0;
        if (!isNew && application != ApplicationId)
            throw new DataPathException(_path, "it belongs to another program");

        if (version > Schema.Version)
            throw new DataPathException(
                _path,
                $"it was written by a newer version of the emulator (its schema is {version}, and {Schema.Version} the newest known here)");

        if (!isNew && version < Schema.Version)
            throw new DataPathException(
                _path,
                $"it was written by an older version of the emulator (its schema is {version}, and has to be {Schema.Version}); "
                + "delete it, or go on with that version");

        // SQLite has the lock now, and has changed nothing yet.
        var expected = exists ? Newest(ProgressMark.Read(_path), WriteAheadLog.Newest(LogPath)) : null;
        Progress = isNew
            ? Create(now)
            : Progress.Of(Bytes("SELECT value FROM progress")) ?? throw new DataPathException(_path, "it is damaged");
        // A new file has no id yet that could be compared.
        var known = isNew && expected is not null ? expected with { File = Progress.File } : expected;
        var missing = known is not null && known.File == Progress.File && known.Commits > Progress.Commits
            ? known
            : null;
        if (missing is not null && !acceptsLoss)
            throw Refuse(Loss(missing));

        if (missing is not null)
        {
            Lost(Loss(missing));
            // The remains of the lost transactions must not be read later.
            Progress = Progress with { Commits = missing.Commits + 1 };
        }

        raw.sqlite3_db_config(Connection.Handle, NoCheckpointOnClose, 0, out _);
        Execute(
            $"PRAGMA page_size = {PageSize}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; "
            + "PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -16000");
        if (isNew)
        {
            Execute(
                $"BEGIN IMMEDIATE; {Schema.Create}; PRAGMA application_id = {ApplicationId}; "
                + $"PRAGMA user_version = {Schema.Version}; INSERT INTO progress VALUES (x''); COMMIT");
            Save();
            // With a damaged log the file may look like a new one, but must not be treated as one.
            Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        else if (missing is not null)
        {
            Save();
        }
        else
        {
            // Writes nothing, and fails if the file cannot be written.
            Execute("BEGIN IMMEDIATE; COMMIT");
        }

        _mark = new ProgressMark(_path);
        _mark.Write(Progress);
    }

    /// <summary>A file that was deleted begins anew. One that is empty, and was not, is damaged.</summary>
    void CheckEmptied(bool acceptsLoss)
    {
        if (!File.Exists(_path) || Newest(ProgressMark.Read(_path), WriteAheadLog.Newest(LogPath)) is not { Commits: > 0 } known)
            return;

        var time = DateTimeOffset.FromUnixTimeMilliseconds(known.Time);
        var loss = string.Create(
            CultureInfo.InvariantCulture,
            $"it is damaged: it is empty, and had everything until {time:yyyy-MM-dd HH:mm:ss.fff} UTC, in {known.Commits} commits");
        if (!acceptsLoss)
            throw Refuse(loss);

        Lost(loss);
    }

    DataPathException Refuse(string loss) => new(
        _path,
        loss + ". Put the files back as they were, or start with --accept-data-loss, "
        + $"or {nameof(QStashEmulatorOptions)}.{nameof(QStashEmulatorOptions.AcceptDataLoss)}, to go on without");

    static Progress Create(long now)
    {
        Span<byte> random = stackalloc byte[sizeof(long)];
        RandomNumberGenerator.Fill(random);
        return new Progress(BitConverter.ToInt64(random), 0, 0, now);
    }

    /// <summary>The mark is exact, but it may be missing after the data file was copied.</summary>
    static Progress? Newest(Progress? mark, Progress? log) => mark is null || (log is not null && log.File != mark.File) ? log : mark;

    string Loss(Progress expected)
    {
        var from = DateTimeOffset.FromUnixTimeMilliseconds(Progress.Time);
        var to = DateTimeOffset.FromUnixTimeMilliseconds(expected.Time);
        var messages = expected.Messages - Progress.Messages;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"its write-ahead log ({Path.GetFileName(LogPath)}) is damaged: {messages} accepted message{(messages == 1 ? "" : "s")} "
            + $"and whatever else changed from {from:yyyy-MM-dd HH:mm:ss.fff} UTC to {to:yyyy-MM-dd HH:mm:ss.fff} UTC, "
            + $"in {expected.Commits - Progress.Commits} commits, are lost");
    }

    void Save()
    {
        using var command = Connection.CreateCommand();
        command.CommandText = "UPDATE progress SET value = $1";
        command.Parameters.AddWithValue("$1", Progress.ToBytes());
        command.ExecuteNonQuery();
    }

    void Execute(string sql)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    long Number(string sql)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    byte[] Bytes(string sql)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() as byte[] ?? [];
    }

    [LoggerMessage(32, LogLevel.Warning, "Started without what is missing: {Loss}")]
    partial void Lost(string loss);
}

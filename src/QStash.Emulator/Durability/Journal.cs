using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;
using QStash.Emulator.Accounts;

namespace QStash.Emulator.Durability;

/// <summary>
/// Writes what changes to the data file. Changes are handed over under the gate of their account, and one thread writes them
/// in that order. It commits once for all that came in during its last commit (group commit).
/// </summary>
sealed partial class Journal : IAsyncDisposable
{
    readonly Lock _gate = new();
    readonly AutoResetEvent _wake = new(initialState: false);
    readonly SqliteConnection _connection;
    readonly Statements _statements;
    readonly string _path;
    readonly ILogger _logger;

    Task _writing = Task.CompletedTask;
    Batch _collecting = new();
    Batch? _committing;
    volatile IOException? _failure;
    long _lastNumber;
    bool _stopping;

    /// <summary>Opens the file, or makes it.</summary>
    /// <exception cref="DataPathException">Why it cannot be used.</exception>
    public Journal(string path, ILogger logger)
    {
        _path = path;
        _logger = logger;
        _connection = DataFile.Open(path);
        _statements = new Statements(_connection);
    }

    /// <summary>Why nothing can be made durable any more, if that is so.</summary>
    public IOException? Failure => _failure;

    /// <summary>Puts what the file contains into the accounts, and begins to write what changes from now on.</summary>
    /// <returns>The messages that have to go on.</returns>
    /// <exception cref="DataPathException">The file is damaged.</exception>
    public List<Resumption> Start(IReadOnlyList<Account> accounts)
    {
        var restorer = new Restorer(_connection, accounts);
        var resumptions = Restore(restorer);
        _lastNumber = restorer.LastNumber;
        // A crash can leave what nothing refers to any more.
        foreach (var message in restorer.Unreferenced)
            Append(AccountJournal.Delete(message));

        // A thread of its own, because it spends its time waiting for the disk.
        _writing = Task.Factory.StartNew(Write, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return resumptions;
    }

    /// <summary>A number for a message, higher than all before.</summary>
    public long NextNumber() => Interlocked.Increment(ref _lastNumber);

    public void Append(Change change)
    {
        lock (_gate)
        {
            _collecting.Changes.Add(change);
            if (_collecting.Changes.Count == 1)
                _wake.Set();
        }
    }

    /// <summary>Completes when everything handed over so far is durable.</summary>
    /// <exception cref="IOException">It cannot be made durable, and nothing can from now on.</exception>
    public Task FlushAsync()
    {
        lock (_gate)
        {
            return _failure is { } failure
                ? Task.FromException(failure)
                : (_collecting.Changes.Count > 0 ? _collecting : _committing)?.Committed.Task ?? Task.CompletedTask;
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever goes wrong, it is the file.")]
    List<Resumption> Restore(Restorer restorer)
    {
        try
        {
            return restorer.Run();
        }
        catch (Exception exception)
        {
            throw new DataPathException(_path, $"it is damaged ({exception.Message.TrimEnd('.')})", exception);
        }
    }

    /// <summary>Writes what is left, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
            _stopping = true;

        _wake.Set();
        await _writing;
        _statements.Dispose();
        await _connection.DisposeAsync();
        _wake.Dispose();
    }

    void Write()
    {
        while (Take() is { } batch)
        {
            var failure = _failure ?? Commit(batch);
            lock (_gate)
            {
                _committing = null;
                _failure = failure;
            }

            if (failure is null)
                batch.Committed.SetResult();
            else
                batch.Committed.SetException(failure);
        }
    }

    /// <summary>What there is to write; null when there is nothing and never will be.</summary>
    Batch? Take()
    {
        while (true)
        {
            lock (_gate)
            {
                if (_collecting.Changes.Count > 0)
                {
                    _committing = _collecting;
                    _collecting = new Batch();
                    return _committing;
                }

                if (_stopping)
                    return null;
            }

            _wake.WaitOne();
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whoever waits for the batch is told, and nobody else could handle it.")]
    IOException? Commit(Batch batch)
    {
        try
        {
            _statements.Run("BEGIN");
            foreach (var change in batch.Changes)
                _statements.Run(change.Sql, change.Values);

            _statements.Run("COMMIT");
            return null;
        }
        catch (Exception exception)
        {
            // Memory is ahead of the file now, and later changes build on those that are missing in it.
            Broken(exception);
            return new IOException($"the data file cannot be written any more ({exception.Message}); start the emulator again, what was answered before is safe", exception);
        }
    }

    [LoggerMessage(31, LogLevel.Critical, "The data file cannot be written any more. Calls that change something fail until the emulator is started again; what was answered before is safe")]
    partial void Broken(Exception exception);
}

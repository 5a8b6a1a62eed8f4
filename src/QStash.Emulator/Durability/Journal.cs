using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Durability;

/// <summary>
/// Writes changes to the data file. Callers hand them over under the gate of their account, and one thread writes them in that
/// order. It commits as soon as anybody waits for a change, together with all that came before (group commit).
/// </summary>
sealed partial class Journal : IAsyncDisposable
{
    /// <summary>
    /// How long a change that nobody waits for may wait for others; the end of a message is one. It is real time, because crashes are real.
    /// </summary>
    static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(10);

    readonly Lock _gate = new();
    readonly AutoResetEvent _wake = new(initialState: false);
    readonly DataFile _file;
    readonly Statements _statements;
    readonly BatchWriter _writer;
    readonly string _path;
    readonly TimeProvider _time;
    readonly ILogger _logger;

    Task _writing = Task.CompletedTask;
    Batch _collecting = new();
    Batch? _committing;
    bool _isAwaited;
    volatile IOException? _failure;
    long _lastBlock;
    bool _stopping;

    /// <summary>Opens the file, or creates it.</summary>
    /// <exception cref="DataPathException">Why it cannot be used.</exception>
    public Journal(QStashEmulatorOptions options, ILogger logger)
    {
        _path = options.DataPath!;
        _time = options.TimeProvider;
        _logger = logger;
        _file = new DataFile(_path, options.AcceptDataLoss, _time, logger);
        _statements = new Statements(_file.Connection);
        _writer = new BatchWriter(_statements);
    }

    /// <summary>Why the file can no longer be written; null as long as it can.</summary>
    public IOException? Failure => _failure;

    /// <summary>Fills the accounts from the file, and writes all changes from now on.</summary>
    /// <returns>The messages that are not over.</returns>
    /// <exception cref="DataPathException">The file is damaged.</exception>
    public List<Resumption> Start(IReadOnlyList<Account> accounts)
    {
        var restorer = new Restorer(_file.Connection, accounts);
        var resumptions = Restore(restorer);
        _lastBlock = MessageBlock.Of(restorer.LastNumber);
        _writer.Load(restorer.Rows, restorer.Messages, restorer.Finished);
        // These share a row with others, or a crash left them.
        foreach (var message in restorer.Messages.Where(static message => message.References == 0))
            AppendDeleted(message.Number);

        // It has a thread of its own, because it mostly waits for the disk.
        _writing = Task.Factory.StartNew(Write, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return resumptions;
    }

    /// <summary>The number of a block for messages of one user, higher than all before.</summary>
    public long NextBlock() => Interlocked.Increment(ref _lastBlock);

    /// <returns>Completes when the change is durable.</returns>
    public Task Append(Change change)
    {
        lock (_gate)
        {
            Collecting.Changes.Add(change);
            return _collecting.Committed.Task;
        }
    }

    /// <summary>A message was accepted.</summary>
    /// <param name="user">Whose message it is.</param>
    /// <param name="message">The message.</param>
    /// <param name="window">
    /// Its deduplication window, if it has one. A crash never comes between the two: a publish that is repeated after it would be accepted
    /// a second time.
    /// </param>
    /// <returns>Completes when the message is durable.</returns>
    public Task AppendMessage(string user, StoredMessage message, StoredWindow? window)
    {
        lock (_gate)
        {
            Collecting.Accepted.Add((user, message));
            if (window is not null)
                _collecting.Windows.Add((user, window));

            return _collecting.Committed.Task;
        }
    }

    /// <summary>The deduplication windows of a user until a time have ended.</summary>
    public void AppendWindowEnd(string user, long time)
    {
        lock (_gate)
            Collecting.WindowEnds[user] = Math.Max(time, _collecting.WindowEnds.GetValueOrDefault(user));
    }

    /// <summary>A message has reached a final state.</summary>
    public void AppendFinished(long message)
    {
        lock (_gate)
            Collecting.Finished.Add(message);
    }

    /// <summary>Nothing refers to a message now.</summary>
    public void AppendDeleted(long message)
    {
        lock (_gate)
            Collecting.Deleted.Add(message);
    }

    public void AppendLogged(string user, LogEntry entry)
    {
        lock (_gate)
            Collecting.Logged.Add((user, entry));
    }

    /// <summary>The log of a user begins with this entry now.</summary>
    public void AppendLogStart(string user, long sequence)
    {
        lock (_gate)
            Collecting.LogStarts[user] = sequence;
    }

    /// <summary>The account of a user was reset.</summary>
    public void AppendReset(string user, Change change)
    {
        lock (_gate)
        {
            Collecting.Reset(user);
            Append(change);
        }
    }

    /// <summary>Completes when everything handed over so far is in the file.</summary>
    /// <exception cref="IOException">The file cannot be written, and will not be any more.</exception>
    public Task FlushAsync()
    {
        lock (_gate)
        {
            return _failure is { } failure
                ? Task.FromException(failure)
                : _collecting.IsEmpty
                    ? _committing?.Committed.Task ?? Task.CompletedTask
                    : WaitForAsync(_collecting.Committed.Task);
        }
    }

    /// <summary>Lets a change be written now.</summary>
    /// <param name="committed">What the method that took the change returned.</param>
    /// <returns>The same, which completes when the change is durable.</returns>
    public Task WaitForAsync(Task committed)
    {
        if (committed.IsCompleted)
            return committed;

        lock (_gate)
        {
            if (committed == _collecting.Committed.Task && !_isAwaited)
            {
                _isAwaited = true;
                _wake.Set();
            }
        }

        return committed;
    }

    /// <summary>Changes that a thread makes before it disposes this are written together. The other changes wait.</summary>
    public Lock.Scope Hold() => _gate.EnterScope();

    /// <summary>Writes what is left, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
            _stopping = true;

        _wake.Set();
        await _writing;
        _statements.Dispose();
        if (_failure is null)
            _file.Close();
        else
            _file.Dispose();

        _wake.Dispose();
    }

    /// <summary>The batch that is written next. Needs the gate, and wakes the thread that writes.</summary>
    Batch Collecting
    {
        get
        {
            if (_collecting.IsEmpty)
            {
                _collecting.IsEmpty = false;
                _wake.Set();
            }

            return _collecting;
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

            if (failure is not null)
            {
                batch.Committed.SetException(failure);
                continue;
            }

            batch.Committed.SetResult();
            // This comes after the answers, because nobody has to wait for it.
            _file.Checkpoint();
        }
    }

    /// <summary>Waits for a batch to write; null when there will be no more.</summary>
    Batch? Take()
    {
        var isLate = false;
        while (true)
        {
            bool isEmpty;
            lock (_gate)
            {
                isEmpty = _collecting.IsEmpty;
                if (!isEmpty && (_isAwaited || isLate || _stopping))
                {
                    _committing = _collecting;
                    _collecting = new Batch();
                    _isAwaited = false;
                    return _committing;
                }

                if (_stopping)
                    return null;
            }

            isLate = !_wake.WaitOne(isEmpty ? Timeout.InfiniteTimeSpan : LongestWait);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whoever waits for the batch is told, and nobody else could handle it.")]
    IOException? Commit(Batch batch)
    {
        try
        {
            var last = _file.Progress;
            var progress = last with
            {
                Commits = last.Commits + 1,
                Messages = last.Messages + batch.Accepted.Count,
                Time = _time.GetUtcNow().ToUnixTimeMilliseconds(),
            };
            _writer.Write(batch, progress);
            _file.Committed(progress);
            return null;
        }
        catch (Exception exception)
        {
            // The file lacks these changes, and later changes build on them. So nothing more is written.
            Broken(exception);
            var why = exception is SqliteException sqlite ? DataFile.Explain(sqlite) : exception.Message;
            return new IOException(
                $"the data file cannot be written any more ({why}); start the emulator again, what was answered before is safe",
                exception);
        }
    }

    [LoggerMessage(
        31,
        LogLevel.Critical,
        "The data file cannot be written any more. Calls that change something fail until the emulator is started again; "
        + "what was answered before is safe")]
    partial void Broken(Exception exception);
}

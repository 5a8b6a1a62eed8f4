using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Durability;

/// <summary>
/// Writes changes to the data file. Callers hand them over under the gate of their account, and they are written in that order. Whoever
/// has to wait for its changes writes them, together with all that came before (group commit), if nobody else is writing. What nobody
/// waits for is left to a thread.
/// </summary>
sealed partial class Journal : IAsyncDisposable
{
    /// <summary>
    /// How long a change that nobody waits for may wait for others; the end of a message is one. It is real time, because crashes are real.
    /// </summary>
    static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(10);

    /// <summary>The thread that has it may use the file. It is taken before the gate.</summary>
    readonly Lock _turn = new();

    readonly Lock _gate = new();
    readonly AutoResetEvent _wake = new(initialState: false);
    readonly DataFile _file;
    readonly Statements _statements;
    readonly BatchWriter _writer;
    readonly string _path;
    readonly TimeProvider _time;
    readonly ILogger _logger;

    Task _rest = Task.CompletedTask;
    Batch _collecting = new();
    Batch? _committing;
    volatile bool _isAwaited;
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

        // It has a thread of its own, because it mostly waits.
        _rest = Task.Factory.StartNew(WriteTheRest, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
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
                Batch.Add(_collecting.Windows, user, window);

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
            Batch.Add(Collecting.Logged, user, StoredLogEntry.Of(entry));
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

    /// <summary>Writes everything handed over so far, or waits until another thread has written it.</summary>
    /// <exception cref="IOException">The file cannot be written, and will not be any more.</exception>
    public Task FlushAsync()
    {
        // While others wait, it joins them, so that one transaction has the changes of all.
        if (!_isAwaited && _turn.TryEnter())
        {
            try
            {
                return Write();
            }
            finally
            {
                _turn.Exit();
            }
        }

        lock (_gate)
        {
            if (_failure is { } failure)
                return Task.FromException(failure);

            if (_collecting.IsEmpty)
                return _committing?.Committed.Task ?? Task.CompletedTask;

            Await();
            return _collecting.Committed.Task;
        }
    }

    /// <summary>
    /// Lets a change be written now. While this thread holds changes together, it does nothing: its call writes all of them at its end, and
    /// what no call writes is written after <see cref="LongestWait"/>.
    /// </summary>
    /// <param name="committed">What the method that took the change returned.</param>
    /// <returns>The same, which completes when the change is durable.</returns>
    public Task WaitForAsync(Task committed)
    {
        if (committed.IsCompleted || _gate.IsHeldByCurrentThread)
            return committed;

        lock (_gate)
        {
            if (committed == _collecting.Committed.Task)
                Await();
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
        await _rest;
        _statements.Dispose();
        if (_failure is null)
            _file.Close();
        else
            _file.Dispose();

        _wake.Dispose();
    }

    /// <summary>The batch that is written next. Needs the gate.</summary>
    Batch Collecting
    {
        get
        {
            if (_collecting.IsEmpty)
            {
                _collecting.Began = Stopwatch.GetTimestamp();
                _wake.Set();
            }

            return _collecting;
        }
    }

    /// <summary>Lets the thread write the batch now. Needs the gate.</summary>
    void Await()
    {
        if (_isAwaited)
            return;

        _isAwaited = true;
        _wake.Set();
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

    /// <summary>
    /// Writes the changes that no call has written, and empties the write-ahead log. Calls have to wait meanwhile. So a log that is not
    /// too large is emptied only when none waits.
    /// </summary>
    void WriteTheRest()
    {
        while (WaitForWork())
        {
            lock (_turn)
            {
                var isBusy = _isAwaited;
                Write();
                if (_failure is null && (isBusy ? _file.IsLogTooLarge : _file.IsLogLarge))
                    _file.Checkpoint();
            }
        }
    }

    /// <returns>Whether there is something to do; otherwise there will be nothing more.</returns>
    bool WaitForWork()
    {
        while (true)
        {
            var wait = Timeout.InfiniteTimeSpan;
            lock (_gate)
            {
                if (_stopping)
                    return !_collecting.IsEmpty;

                if (_isAwaited || (_failure is null && _file.IsLogTooLarge))
                    return true;

                if (!_collecting.IsEmpty)
                {
                    wait = LongestWait - Stopwatch.GetElapsedTime(_collecting.Began);
                    if (wait <= TimeSpan.Zero)
                        return true;
                }
            }

            _wake.WaitOne(wait);
        }
    }

    /// <summary>Writes what was handed over as one transaction. Needs the turn.</summary>
    /// <returns>Completed already.</returns>
    Task Write()
    {
        Batch batch;
        lock (_gate)
        {
            if (_collecting.IsEmpty)
                return _failure is null ? Task.CompletedTask : Task.FromException(_failure);

            batch = _committing = _collecting;
            _collecting = new Batch();
            _isAwaited = false;
        }

        var failure = _failure ?? Commit(batch);
        lock (_gate)
        {
            _committing = null;
            _failure = failure;
            if (_file.IsLogTooLarge)
                _wake.Set();
        }

        if (failure is null)
            batch.Committed.SetResult();
        else
            batch.Committed.SetException(failure);

        return batch.Committed.Task;
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

namespace QStash.Emulator.Storage;

/// <summary>
/// Gets all events of an account, to store them beyond the process. All methods need the account's gate.
/// </summary>
interface IAccountJournal
{
    /// <summary>The events until this is disposed are stored together.</summary>
    Lock.Scope Hold();

    /// <summary>A message was accepted, and the window of its deduplication key began, if it has one.</summary>
    void Created(Message message, string? key, long windowEnd);

    /// <summary>An attempt failed, and another one follows.</summary>
    void Retrying(Message message, long due);

    /// <summary>A message will be cancelled when its attempt is over.</summary>
    void CancelRequested(Message message);

    /// <summary>A message was delivered, failed or cancelled.</summary>
    void Finished(Message message);

    /// <summary>An entry was added to the log.</summary>
    void Logged(LogEntry entry);

    /// <summary>An entry of the log became too old.</summary>
    void Dropped(LogEntry entry);

    /// <summary>A message became a dead letter.</summary>
    void Added(DeadLetter letter);

    /// <summary>A dead letter was retried, deleted or became too old.</summary>
    void Removed(DeadLetter letter);

    /// <summary>The deduplication windows until a time have ended.</summary>
    void WindowsEnded(long time);

    void Save(BulkAction action);

    void Save(FifoQueue queue);

    void Save(FlowControlKey key);

    void Save(Schedule schedule);

    void Save(SigningKeys keys);

    void Save(UrlGroup group);

    /// <summary>The number of messages of a day has changed.</summary>
    void SaveMessagesOfDay(long day, int count);

    void Remove(BulkAction action);

    void Remove(FifoQueue queue);

    void Remove(Schedule schedule);

    void Remove(UrlGroup group);

    /// <summary>The account was reset.</summary>
    void Reset();
}

namespace QStash.Emulator.Storage;

/// <summary>The states a log entry can report.</summary>
enum MessageState
{
    Created,
    Active,
    Retry,
    Error,
    Delivered,
    Failed,
    CancelRequested,
    Cancelled,
}

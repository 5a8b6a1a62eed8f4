namespace QStash.Emulator.Messages;

/// <summary>The states a log entry can report (contract 2.9).</summary>
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

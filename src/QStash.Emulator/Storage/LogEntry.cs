namespace QStash.Emulator.Storage;

/// <summary>One line of the event log. Times are unix milliseconds.</summary>
sealed record LogEntry(long Sequence, long Time, Message Message, MessageState State, AttemptResult? Result, long? NextDelivery);

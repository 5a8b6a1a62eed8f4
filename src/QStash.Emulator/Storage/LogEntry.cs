using QStash.Emulator.Messages;

namespace QStash.Emulator.Storage;

/// <summary>
/// One line of the event log. Times are unix milliseconds. It is a value, because there are several for each message, and the garbage
/// collector would spend a fifth of its time on them.
/// </summary>
readonly record struct LogEntry(long Sequence, long Time, Message Message, MessageState State, AttemptResult? Result, long? NextDelivery)
{
    // The size of the objects themselves, without what they refer to.
    const int EntryBytes = 100;
    const int MessageBytes = 600;
    const int TextBytes = 50;

    /// <summary>How much memory it keeps alive, roughly. The first entry of a message counts the message, which the others share.</summary>
    public int Bytes { get; } = EntryBytes
        + (State == MessageState.Created ? MessageBytes + Message.Spec.Body.Length + BytesOf(Message.Spec.Headers) : 0)
        + (Result is null ? 0 : Result.Body.Length + BytesOf(Result.Headers));

    static int BytesOf(HeaderList headers) => (TextBytes * headers.Texts) + (2 * headers.Characters);
}

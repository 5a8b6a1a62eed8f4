using QStash.Emulator.Storage;

namespace QStash.Emulator.Durability;

/// <summary>A line of the log. Those of one transaction are stored together.</summary>
/// <param name="Sequence">Its place in the log.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Message">The number of the message.</param>
/// <param name="State">The name of its state.</param>
/// <param name="Next">When the next attempt is due.</param>
/// <param name="Result">The result of an attempt.</param>
readonly record struct StoredLogEntry(long Sequence, long Time, long Message, string State, long? Next, AttemptResult? Result)
{
    static readonly string[] States = Enum.GetNames<MessageState>();

    public static StoredLogEntry Of(LogEntry entry) =>
        new(entry.Sequence, entry.Time, entry.Message.Number, States[(int)entry.State], entry.NextDelivery, entry.Result);

    public LogEntry Restore(Message message) => new(Sequence, Time, message, Enum.Parse<MessageState>(State), Result, Next);
}

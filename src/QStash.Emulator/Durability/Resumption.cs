using QStash.Emulator.Messages;

namespace QStash.Emulator.Durability;

/// <summary>A message that was begun or waits for nothing but its time, and when its next attempt is due (unix milliseconds).</summary>
readonly record struct Resumption(Message Message, long Due);

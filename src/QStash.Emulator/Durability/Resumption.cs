using QStash.Emulator.Storage;

namespace QStash.Emulator.Durability;

/// <summary>A message that had begun or waits only for its time, and when its next attempt is due, in unix milliseconds.</summary>
readonly record struct Resumption(Message Message, long Due);

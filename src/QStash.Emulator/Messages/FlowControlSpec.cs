using QStash.Emulator.Grammar;

namespace QStash.Emulator.Messages;

/// <summary>The flow control key of a message, and the limits the message brings for the key (contract 3.8).</summary>
sealed record FlowControlSpec(string Key, FlowControlLimits Limits);

using QStash.Emulator.Grammar;

namespace QStash.Emulator.Messages;

/// <summary>The flow control key of a message, and the limits the message brings for the key.</summary>
sealed record FlowControlSpec(string Key, FlowControlLimits Limits);

using QStash.Emulator.Faults;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Delivery;

/// <summary>An attempt that a fault holds back, and the timer that releases it at the latest.</summary>
sealed class HeldAttempt(Message message, ActiveFault fault)
{
    public Message Message { get; } = message;

    public ActiveFault Fault { get; } = fault;

    public ITimer? Timer { get; set; }
}

using System.Diagnostics;
using QStash.Emulator.Messages;

namespace QStash.Emulator.Storage;

/// <summary>One accepted message. The mutable part is read and changed under the account's gate.</summary>
sealed class Message
{
    MessageTurn? _turn;

    /// <summary>Its number in the data file, in the order of acceptance; 0 without one.</summary>
    public long Number { get; set; }

    public required MessageId IdBytes { get; init; }

    /// <summary>Its id as text, which is made anew each time.</summary>
    public string Id => IdBytes.ToString();

    public required Account Account { get; init; }

    public required MessageSpec Spec { get; init; }

    public required MessageTarget Target { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>The time of the first attempt, unix milliseconds.</summary>
    public required long NotBefore { get; init; }

    /// <summary>When its next attempt is to begin, unix milliseconds. Set by the scheduler.</summary>
    public long Due { get; set; }

    public FifoQueue? Queue
    {
        get => _turn?.Queue;
        init => TurnFor(value)?.Queue = value;
    }

    public FlowControlKey? FlowControl
    {
        get => _turn?.FlowControl;
        init => TurnFor(value)?.FlowControl = value;
    }

    /// <summary>Retries begun so far; 0 during the first attempt.</summary>
    public int Retried { get; set; }

    /// <summary>How many rows of the data file refer to it.</summary>
    public int References { get; set; }

    /// <summary>Completes when the data file has what the next attempt depends on; null without a file.</summary>
    public Task? Durable { get; set; }

    public MessagePhase Phase { get; set; }

    /// <summary>A cancellation came during an attempt. It takes the place of the next retry.</summary>
    public bool CancelRequested { get; set; }

    /// <summary>A fault has held this attempt back already, and does so only once.</summary>
    public bool WasHeld { get; set; }

    /// <summary>The span of its time here; null when nobody traces.</summary>
    public Activity? Trace { get; set; }

    /// <summary>The place in a queue that it has from its first attempt on. Its callbacks share it.</summary>
    public QueueSlot? Slot
    {
        get => _turn?.Slot;
        set => TurnFor(value)?.Slot = value;
    }

    /// <summary>The line in which it waits: first that of its queue, then that of its flow control key.</summary>
    public LinkedListNode<Message>? Place
    {
        get => _turn?.Place;
        set => TurnFor(value)?.Place = value;
    }

    /// <summary>Its flow control key has called it, and keeps a place for it until the attempt begins.</summary>
    public bool Called
    {
        get => _turn is { Called: true };
        set => _turn?.Called = value;
    }

    MessageTurn? TurnFor(object? value) => value is null ? _turn : _turn ??= new MessageTurn();
}

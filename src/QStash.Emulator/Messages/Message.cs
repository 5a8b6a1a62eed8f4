using QStash.Emulator.Accounts;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Messages;

/// <summary>One accepted message. The mutable part is read and changed under the account's gate.</summary>
sealed class Message
{
    /// <summary>Its number in the data file, in the order of acceptance; 0 without one.</summary>
    public long Number { get; set; }

    public required string Id { get; init; }

    public required Account Account { get; init; }

    public required MessageSpec Spec { get; init; }

    public required MessageTarget Target { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>The time of the first attempt, unix milliseconds.</summary>
    public required long NotBefore { get; init; }

    /// <summary>When its next attempt is to begin, unix milliseconds. Set by the scheduler.</summary>
    public long Due { get; set; }

    public FifoQueue? Queue { get; init; }

    public FlowControlKey? FlowControl { get; init; }

    /// <summary>Retries begun so far; 0 during the first attempt.</summary>
    public int Retried { get; set; }

    /// <summary>How many rows of the data file refer to it.</summary>
    public int References { get; set; }

    /// <summary>Completes when the attempt that comes next may begin as far as the data file is concerned; null without one.</summary>
    public Task? Durable { get; set; }

    public MessagePhase Phase { get; set; }

    /// <summary>A cancellation came during an attempt; it replaces the next retry (contract 5.7).</summary>
    public bool CancelRequested { get; set; }

    /// <summary>A fault held the attempt back that begins now; it does so once for each attempt.</summary>
    public bool WasHeld { get; set; }

    /// <summary>The place it occupies in a queue while being worked on; shared by the callbacks it causes.</summary>
    public QueueSlot? Slot { get; set; }

    /// <summary>Where it waits in line: first in that of its queue, then in that of its flow control key.</summary>
    public LinkedListNode<Message>? Place { get; set; }

    /// <summary>Its flow control key called it out of the line, and keeps the place for it until the attempt begins.</summary>
    public bool Called { get; set; }
}

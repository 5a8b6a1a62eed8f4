using QStash.Emulator.Messages;

namespace QStash.Emulator.Storage;

/// <summary>A queue: how many of its messages may be worked on at once, and which ones wait (contract 7.1).</summary>
sealed class FifoQueue(string name, long createdAt)
{
    readonly LinkedList<Message> _waiting = new();
    readonly List<Message> _held = [];
    int _active;

    public string Name { get; } = name;

    public long CreatedAt { get; } = createdAt;

    public long UpdatedAt { get; set; } = createdAt;

    public int Parallelism { get; set; } = 1;

    public bool Paused { get; set; }

    public void Add(Message message)
    {
        message.QueueNode = _waiting.AddLast(message);
    }

    /// <summary>Takes a message out before its turn. False when its turn has already come.</summary>
    public bool Remove(Message message)
    {
        if (message.QueueNode is not { } node)
            return _held.Remove(message);

        _waiting.Remove(node);
        message.QueueNode = null;
        return true;
    }

    /// <summary>Keeps a retry that came due while the queue is paused.</summary>
    public void Hold(Message message) => _held.Add(message);

    /// <summary>The messages whose turn it is now, earliest first.</summary>
    public List<Message> TakeReady()
    {
        List<Message> ready = [];
        if (Paused)
            return ready;

        ready.AddRange(_held);
        _held.Clear();
        while (_active < Parallelism && _waiting.First is { } node)
        {
            _waiting.RemoveFirst();
            node.Value.QueueNode = null;
            node.Value.Slot = new QueueSlot(this);
            _active++;
            ready.Add(node.Value);
        }

        return ready;
    }

    public void Release() => _active--;
}

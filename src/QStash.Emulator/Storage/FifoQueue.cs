namespace QStash.Emulator.Storage;

// docs/qstash-contract.md#order
/// <summary>A queue: how many of its messages may be under way at once, and which ones wait.</summary>
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

    /// <summary>Messages that were added and have not reached a final state.</summary>
    public int Lag { get; set; }

    /// <summary>The messages whose turn has not come, earliest first. A copy.</summary>
    public List<Message> Waiting => [.. _waiting];

    public void Add(Message message)
    {
        Lag++;
        message.Place = _waiting.AddLast(message);
    }

    /// <summary>Removes a message that waits for its turn, or that a pause holds back.</summary>
    public void Remove(Message message)
    {
        if (message.Place is { } place && place.List == _waiting)
        {
            _waiting.Remove(place);
            message.Place = null;
        }
        else
        {
            _held.Remove(message);
        }
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
            node.Value.Place = null;
            node.Value.Slot = Occupy(node.Value.Number);
            ready.Add(node.Value);
        }

        return ready;
    }

    /// <summary>Takes a place among the messages that are under way.</summary>
    public QueueSlot Occupy(long owner)
    {
        _active++;
        return new QueueSlot(this, owner);
    }

    public void Release() => _active--;
}

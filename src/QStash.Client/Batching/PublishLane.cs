using System.Threading.Channels;

namespace QStash.Client;

// The messages of one destination, or of one queue, that wait. One request of a lane is under way at a time, so they arrive in order;
// whoever sends it is the only one who reads.
sealed class PublishLane(string key)
{
    Channel<PendingPublish>? _waiting;

    public string Key => key;

    // What was sent last.
    public PublishBatch? UnderWay { get; set; }

    public void Add(PendingPublish message) => (_waiting ??= Channel.CreateUnbounded<PendingPublish>()).Writer.TryWrite(message);

    // The next message whose caller still waits, or null.
    public PendingPublish? Peek()
    {
        while (_waiting is not null && _waiting.Reader.TryPeek(out var next))
        {
            if (!next.Task.IsCompleted)
                return next;

            Remove();
        }

        return null;
    }

    public void Remove() => _waiting!.Reader.TryRead(out _);
}

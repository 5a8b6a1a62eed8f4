using System.Threading.Channels;

namespace QStash.Client;

// The waiting messages of one destination or one queue. Only one request of a lane is under way at a time, so the messages arrive in order.
// Only the sender of that request reads the lane.
sealed class PublishLane(string key)
{
    Channel<PendingPublish>? _waiting;

    public string Key => key;

    // The batch that was sent last.
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

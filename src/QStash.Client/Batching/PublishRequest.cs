using System.Diagnostics.CodeAnalysis;

namespace QStash.Client;

// What is sent with one call, and the lanes that wait for its end.
[SuppressMessage("Design", "CA1001", Justification = "A CancellationTokenSource without timer holds nothing to dispose of.")]
sealed class PublishRequest
{
    readonly CancellationTokenSource _abandoned = new();
    int _callers;

    public List<PendingPublish> Messages { get; } = [];
    public List<PublishLane> Lanes { get; } = [];
    public int Size { get; private set; }
    public bool IsCounted { get; set; }

    // Cancelled when the last caller is gone, so that nothing is sent for nobody, such as after the wait for a rate limit.
    public CancellationToken Abandoned => _abandoned.Token;

    // Takes the next message of a lane.
    public void Add(PublishLane lane)
    {
        var message = lane.Waiting.First!.Value;
        lane.Waiting.RemoveFirst();

        message.SendIn(this);
        Messages.Add(message);
        Size += message.Size;
        _callers++;

        if (lane.Sent++ == 0)
            Lanes.Add(lane);
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref _callers) == 0)
            _abandoned.Cancel();
    }
}

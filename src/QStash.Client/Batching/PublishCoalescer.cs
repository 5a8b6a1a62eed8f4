using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace QStash.Client;

// Collects the publishes of many callers into few requests. A publish is sent at once while few requests are under way and none of them has
// the same destination, so a single caller never waits for others. Other publishes wait, and are sent together when a request is answered.
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim whose wait handle nobody takes holds nothing to dispose of.")]
sealed class PublishCoalescer(IPublisher api, TimeProvider networkTime) : IPublisher
{
    // Up to this many callers at the same time do not wait for each other.
    const int MostRequests = 4;

    // Callers that were answered together are likely to publish again together. Waiting for them for a part of the round trip time makes
    // one batch instead of two that take turns. A long round trip contained repeats, so it says nothing about the network. Timers are not
    // more exact than the shortest pause.
    const int PauseDivisor = 4;
    static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(1);
    static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(5);
    static readonly TimeSpan LongestRoundTrip = TimeSpan.FromMilliseconds(500);

    readonly SemaphoreSlim _slots = new(MostRequests);
    readonly Channel<PublishLane> _ready = Channel.CreateUnbounded<PublishLane>();
    readonly Lock _lock = new();

    // The lanes with a request under way or with waiting messages.
    readonly Dictionary<string, PublishLane> _lanes = new(StringComparer.Ordinal);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<PublishAnswer> PublishAsync(PreparedMessage message, CancellationToken cancellationToken)
    {
        if (TryEnter(message) is not { } lane)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var pending = new PendingPublish(message, takesErrors: false, cancellationToken);
            Enter(pending);
            Dispatch();

            return await pending.WaitAsync().ConfigureAwait(false);
        }

        try
        {
            return await api.PublishAsync(message, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _slots.Release();
            Leave(lane);
            Dispatch();
        }
    }

    public async Task<IReadOnlyList<PublishAnswer>> BatchAsync(IReadOnlyList<PreparedMessage> messages,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        PendingPublish[] pending = [.. messages.Select(message => new PendingPublish(message, takesErrors: true, cancellationToken))];
        Array.ForEach(pending, Enter);
        Dispatch();

        return await Task.WhenAll(pending.Select(message => message.WaitAsync())).ConfigureAwait(false);
    }

    // The short path for a single caller, who needs nothing of the rest.
    PublishLane? TryEnter(PreparedMessage message)
    {
        lock (_lock)
        {
            if (_lanes.ContainsKey(message.LaneKey) || !_slots.Wait(0))
                return null;

            var lane = new PublishLane(message.LaneKey);
            _lanes.Add(lane.Key, lane);
            return lane;
        }
    }

    void Enter(PendingPublish message)
    {
        PublishLane? lane;
        PublishBatch? underWay;
        bool isBusy;

        lock (_lock)
        {
            isBusy = _lanes.TryGetValue(message.Message.LaneKey, out lane);
            if (lane is null)
                _lanes.Add(message.Message.LaneKey, lane = new PublishLane(message.Message.LaneKey));

            lane.Add(message);
            underWay = lane.UnderWay;
        }

        underWay?.Returned();
        if (!isBusy)
            Continue(lane);
    }

    // Called when no request of the lane is under way any more.
    void Leave(PublishLane lane)
    {
        lock (_lock)
        {
            if (lane.Peek() is null)
            {
                _lanes.Remove(lane.Key);
                return;
            }
        }

        Continue(lane);
    }

    // A message that is sent alone gains nothing from waiting.
    void Continue(PublishLane lane)
    {
        if (lane.Peek() is { IsAlone: true } next)
            _ = RunAloneAsync(lane, next);
        else
            _ready.Writer.TryWrite(lane);
    }

    async Task RunAloneAsync(PublishLane lane, PendingPublish message)
    {
        lane.Remove();
        await message.SendAloneAsync(api).ConfigureAwait(false);

        Leave(lane);
        Dispatch();
    }

    void Dispatch()
    {
        while (_ready.Reader.Count > 0 && _slots.Wait(0))
            _ = RunAsync(Take());
    }

    // Takes as many messages as fit, lane by lane.
    PublishBatch Take()
    {
        var batch = new PublishBatch();

        for (var count = _ready.Reader.Count; count > 0 && _ready.Reader.TryRead(out var lane); count--)
        {
            if (!batch.TryTake(lane))
                Leave(lane);
        }

        return batch;
    }

    async Task RunAsync(PublishBatch batch)
    {
        var started = networkTime.GetTimestamp();
        await batch.SendAsync(api).ConfigureAwait(false);

        _slots.Release();
        Dispatch();

        if (batch.Count > 1 && PauseAfter(networkTime.GetElapsedTime(started)) is { } pause)
            await batch.AllReturned.WaitAsync(pause, networkTime).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        batch.Lanes.ForEach(Leave);
        Dispatch();
    }

    static TimeSpan? PauseAfter(TimeSpan roundTrip)
    {
        if (roundTrip > LongestRoundTrip)
            return null;

        var pause = roundTrip / PauseDivisor;

        return pause < ShortestPause ? ShortestPause : pause < LongestPause ? pause : LongestPause;
    }
}

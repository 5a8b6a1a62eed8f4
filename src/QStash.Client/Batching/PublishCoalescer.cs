using System.Diagnostics.CodeAnalysis;

namespace QStash.Client;

// Collects the publishes of many callers into few requests. A publish is sent at once while few requests are under way and none to
// the same destination, so a lone caller never waits for company; what comes meanwhile goes together when one of them is answered.
sealed class PublishCoalescer(IPublisher api, TimeProvider time) : IPublisher
{
    // So many callers do not notice that there are others.
    const int MostRequests = 4;

    // Contract 2.3 and section 8: 100 MB a call, and no documented number of messages.
    const int MostMessages = 500;
    const int MostBytes = 4 * 1024 * 1024;

    // Callers who were answered together are likely to publish again together. Waiting for them, a part of the time that the answer
    // took, makes one batch of what would be two that take turns.
    const int PauseDivisor = 4;
    static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(1);
    static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(5);

    // An answer that took longer came after repeats or a wait for a limit, and tells nothing of the network.
    static readonly TimeSpan LongestRoundTrip = TimeSpan.FromMilliseconds(500);

    readonly Lock _lock = new();
    readonly Dictionary<string, PublishLane> _lanes = new(StringComparer.Ordinal);
    readonly Queue<PublishLane> _ready = new();
    int _requests;

    public async Task<PublishAnswer> PublishAsync(PreparedMessage message, CancellationToken cancellationToken)
    {
        if (TryTakeDirectly(message, out var lane))
        {
            var answered = false;
            var started = time.GetTimestamp();

            try
            {
                var answer = await api.PublishAsync(message, cancellationToken).ConfigureAwait(false);
                answered = true;
                return answer;
            }
            finally
            {
                Start(Finish([lane], isCounted: true, answered ? time.GetElapsedTime(started) : TimeSpan.Zero));
            }
        }

        PendingPublish[] pending = [new(message, takesErrors: false)];
        await using (Send(pending, cancellationToken).ConfigureAwait(false))
            return await pending[0].Task.ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<PublishAnswer>> BatchAsync(IReadOnlyList<PreparedMessage> messages, CancellationToken cancellationToken)
    {
        PendingPublish[] pending = [.. messages.Select(message => new PendingPublish(message, takesErrors: true))];
        await using (Send(pending, cancellationToken).ConfigureAwait(false))
            return await Task.WhenAll(pending.Select(message => message.Task)).ConfigureAwait(false);
    }

    // Returns what is to be disposed of when the callers no longer wait.
    CancellationTokenRegistration Send(PendingPublish[] pending, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();

        List<PublishRequest> requests = [];

        lock (_lock)
        {
            foreach (var message in pending)
                Enqueue(message, requests);

            TakeRequests(requests);
        }

        Start(requests);

        return cancellationToken.CanBeCanceled ? cancellationToken.UnsafeRegister(_ => Cancel(pending, cancellationToken), null) : default;
    }

    // For a lone caller, who needs nothing of what follows.
    bool TryTakeDirectly(PreparedMessage message, [NotNullWhen(true)] out PublishLane? lane)
    {
        var key = KeyOf(message);

        lock (_lock)
        {
            if (_requests >= MostRequests || _ready.Count > 0 || _lanes.ContainsKey(key))
            {
                lane = null;
                return false;
            }

            _lanes.Add(key, lane = new PublishLane(key) { Sent = 1 });
            _requests++;
            return true;
        }
    }

    void Enqueue(PendingPublish message, List<PublishRequest> requests)
    {
        var key = KeyOf(message.Message);

        if (!_lanes.TryGetValue(key, out var lane))
            _lanes.Add(key, lane = new PublishLane(key));

        lane.Waiting.AddLast(message);

        if (lane.IsComplete)
            lane.Resume();
        else if (lane.IsHeld || lane.Waiting.Count > 1)
            return;

        Ready(lane, requests);
    }

    // Nothing of the lane is under way: its next message may be sent.
    void Ready(PublishLane lane, List<PublishRequest> requests)
    {
        if (lane.Next() is not { } next)
            _lanes.Remove(lane.Key);
        else if (next.IsAlone)
            requests.Add(TakeAlone(lane));
        else
            _ready.Enqueue(lane);
    }

    // Not counted: these gain nothing from waiting.
    static PublishRequest TakeAlone(PublishLane lane)
    {
        var request = new PublishRequest();
        request.Add(lane);

        return request;
    }

    void TakeRequests(List<PublishRequest> requests)
    {
        while (_requests < MostRequests && _ready.Count > 0)
        {
            var request = Take(requests);
            if (request.Messages.Count == 0)
                continue;

            request.IsCounted = true;
            _requests++;
            requests.Add(request);
        }
    }

    // As many messages as fit, lane by lane.
    PublishRequest Take(List<PublishRequest> requests)
    {
        var request = new PublishRequest();

        for (var lanes = _ready.Count; lanes > 0; lanes--)
        {
            var lane = _ready.Dequeue();

            while (lane.Next() is { IsAlone: false } next && Fits(request, next))
                request.Add(lane);

            if (lane.Sent == 0)
                Ready(lane, requests);
        }

        return request;
    }

    // A batch with a message that QStash cannot recognise would not be repeated for the others either.
    static bool Fits(PublishRequest request, PendingPublish next) => request.Messages.Count == 0
        || (request.Messages.Count < MostMessages
            && request.Size + next.Size <= MostBytes
            && request.Messages[0].Message.IsDeduplicated == next.Message.IsDeduplicated);

    void Start(List<PublishRequest> requests)
    {
        foreach (var request in requests)
            _ = RunAsync(request);
    }

    async Task RunAsync(PublishRequest request)
    {
        var started = time.GetTimestamp();
        var outcomes = await SendAsync(request).ConfigureAwait(false);
        var next = Finish(request.Lanes, request.IsCounted, time.GetElapsedTime(started), outcomes);

        foreach (var (message, outcome) in outcomes)
        {
            if (outcome is not null)
                message.TrySetFromTask(outcome);
        }

        Start(next);
    }

    // What became of each message; null for one that is to be sent again, alone.
    async Task<List<(PendingPublish Message, Task<PublishAnswer>? Outcome)>> SendAsync(PublishRequest request)
    {
        if (request.Messages is [var single])
        {
            var answer = api.PublishAsync(single.Message, request.Abandoned);
            await ((Task)answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

            return [(single, single.TakesErrors && RefusalOf(answer) is { } error ? Task.FromResult(new PublishAnswer([], error)) : answer)];
        }

        var batch = api.BatchAsync([.. request.Messages.Select(message => message.Message)], request.Abandoned);
        await ((Task)batch).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        if (batch.IsCompletedSuccessfully)
            return [.. request.Messages.Zip(await batch.ConfigureAwait(false), (message, answer) => (message, OutcomeOf(message, answer)))];

        // Refused as a whole, for one of its messages or for its size: each caller is to get an answer of its own.
        if (RefusalOf(batch) is not null)
            return [.. request.Messages.Select(message => (message, (Task<PublishAnswer>?)null))];

        var failure = batch.Exception?.InnerException ?? new OperationCanceledException(request.Abandoned);
        return [.. request.Messages.Select(message => (message, (Task<PublishAnswer>?)Task.FromException<PublishAnswer>(failure)))];
    }

    // The error of an item tells neither its kind nor when a limit ends; alone the message gets a full answer. That nobody
    // subscribes is common, and told by the text.
    static Task<PublishAnswer>? OutcomeOf(PendingPublish message, PublishAnswer answer) =>
        answer.Error is null || message.TakesErrors || answer.Receipts.Count > 0 || answer.Error == FailedResponse.NoReceipt || FailedResponse.IsMissing(answer.Error) ? Task.FromResult(answer) : null;

    static string? RefusalOf(Task task) =>
        task.Exception?.InnerException is QStashException { Error: { } error } exception && exception is QStashBadRequestException or QStashQuotaException or QStashNotFoundException
            ? error
            : null;

    // Before the callers get their answers, so that those who come back at once find the pause. Returns what to start next.
    List<PublishRequest> Finish(IReadOnlyList<PublishLane> lanes, bool isCounted, TimeSpan duration,
        IReadOnlyList<(PendingPublish Message, Task<PublishAnswer>? Outcome)>? outcomes = null)
    {
        List<PublishRequest> requests = [];
        var pause = PauseAfter(duration);

        lock (_lock)
        {
            if (isCounted)
                _requests--;

            // Before what waits, backwards, so that they keep their order.
            foreach (var (message, outcome) in (outcomes ?? []).Reverse())
            {
                if (outcome is not null)
                    continue;

                message.SendAgainAlone();
                _lanes[KeyOf(message.Message)].Waiting.AddFirst(message);
            }

            foreach (var lane in lanes)
            {
                var callers = lane.Sent + lane.Waiting.Count;
                lane.Sent = 0;

                if (callers > 1 && pause >= ShortestPause && lane.Next() is not { IsAlone: true })
                    lane.Pause(Math.Min(callers, MostMessages), pause, time, EndPause);
                else
                    Ready(lane, requests);
            }

            TakeRequests(requests);
        }

        return requests;
    }

    static TimeSpan PauseAfter(TimeSpan duration)
    {
        if (duration > LongestRoundTrip)
            return TimeSpan.Zero;

        return duration / PauseDivisor < LongestPause ? duration / PauseDivisor : LongestPause;
    }

    void EndPause(object? state)
    {
        var lane = (PublishLane)state!;
        List<PublishRequest> requests = [];

        lock (_lock)
        {
            if (!lane.Resume())
                return;

            Ready(lane, requests);
            TakeRequests(requests);
        }

        Start(requests);
    }

    void Cancel(PendingPublish[] messages, CancellationToken cancellationToken)
    {
        foreach (var message in messages)
        {
            if (!message.TrySetCanceled(cancellationToken))
                continue;

            PublishRequest? request;

            // What still waits is skipped when its turn comes.
            lock (_lock)
                request = message.Request;

            request?.Leave();
        }
    }

    static string KeyOf(PreparedMessage message) => message.Queue ?? message.Destination;
}

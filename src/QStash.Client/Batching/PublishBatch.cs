using System.Diagnostics.CodeAnalysis;

namespace QStash.Client;

// The messages that are sent in one call.
[SuppressMessage("Design", "CA1001", Justification = "A CancellationTokenSource without timer holds nothing to dispose of.")]
sealed class PublishBatch
{
    // QStash accepts 100 MB per call, and documents no maximum number of messages. If it refuses a batch for its size, the messages are
    // sent one by one.
    const int MostMessages = 1000;
    const int MostBytes = 4 * 1024 * 1024;

    readonly CancellationTokenSource _abandoned = new();
    readonly List<PendingPublish> _messages = [];
    readonly TaskCompletionSource _allReturned = new();
    int _size;
    int _away;

    public List<PublishLane> Lanes { get; } = [];

    public int Count => _messages.Count;

    // Completes when as many new messages have come to the lanes as were answered. The caller of the last one sends them, without a change
    // of threads.
    public Task AllReturned => _allReturned.Task;

    public void Returned()
    {
        if (_away > 0 && Interlocked.Decrement(ref _away) == 0)
            _allReturned.TrySetResult();
    }

    // Takes as many messages of a lane as fit, in their order.
    public bool TryTake(PublishLane lane)
    {
        var count = Count;

        while (lane.Peek() is { IsAlone: false } next && Fits(next))
        {
            lane.Remove();
            _messages.Add(next);
            _size += next.Size;
        }

        if (Count == count)
            return false;

        Lanes.Add(lane);
        lane.UnderWay = this;
        return true;
    }

    // Each caller gets its own result; this method never throws.
    public async Task SendAsync(IPublisher api)
    {
        switch (_messages)
        {
            // All callers have given up.
            case []:
                return;

            case [var single]:
                await single.SendAloneAsync(api).ConfigureAwait(false);
                return;
        }

        foreach (var message in _messages)
            message.Batch = this;

        var unanswered = _messages;
        try
        {
            var answers = await api.BatchAsync([.. _messages.Select(message => message.Message)], _abandoned.Token).ConfigureAwait(false);

            // Set before the answers, because callers may come back as soon as they are answered.
            _away = Count;
            unanswered = [.. _messages.Where((message, index) => !message.TryAccept(answers[index]))];
        }
        catch (Exception exception) when (!PendingPublish.IsRefusal(exception))
        {
            _messages.ForEach(message => message.TrySetException(exception));
        }
        catch (QStashException)
        {
            // QStash refused the whole batch, because of one of its messages or because of its size.
        }

        await Task.WhenAll(unanswered.GroupBy(message => message.Message.LaneKey).Select(SendOneByOneAsync)).ConfigureAwait(false);

        async Task SendOneByOneAsync(IEnumerable<PendingPublish> lane)
        {
            foreach (var message in lane)
                await message.SendAloneAsync(api).ConfigureAwait(false);
        }
    }

    // If no caller waits any more, nothing is sent, for example after the wait for a rate limit.
    public void CancelIfAbandoned()
    {
        if (_messages.TrueForAll(message => message.Task.IsCompleted))
            _abandoned.Cancel();
    }

    // Messages that QStash cannot recognise do not share a batch with others: such a batch could not be repeated.
    bool Fits(PendingPublish next) => Count == 0
        || (Count < MostMessages && _size + next.Size <= MostBytes && _messages[0].Message.IsDeduplicated == next.Message.IsDeduplicated);
}

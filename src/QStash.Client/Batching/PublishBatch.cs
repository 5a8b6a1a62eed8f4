using System.Diagnostics.CodeAnalysis;

namespace QStash.Client;

// What is sent with one call.
[SuppressMessage("Design", "CA1001", Justification = "A CancellationTokenSource without timer holds nothing to dispose of.")]
sealed class PublishBatch
{
    // QStash takes 100 MB a call, and documents no number of messages. One it refuses for its size is sent one by one.
    const int MostMessages = 1000;
    const int MostBytes = 4 * 1024 * 1024;

    readonly CancellationTokenSource _abandoned = new();
    readonly List<PendingPublish> _messages = [];
    readonly TaskCompletionSource _allReturned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _size;
    int _away;

    public List<PublishLane> Lanes { get; } = [];

    public int Count => _messages.Count;

    // Done when as many messages have come to the lanes as were answered.
    public Task AllReturned => _allReturned.Task;

    public void Returned()
    {
        if (_away > 0 && Interlocked.Decrement(ref _away) == 0)
            _allReturned.TrySetResult();
    }

    // Takes what fits of a lane, in its order.
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

    // Each caller gets a result of its own; this never throws.
    public async Task SendAsync(IPublisher api)
    {
        if (_messages is [var single])
        {
            await single.SendAloneAsync(api).ConfigureAwait(false);
            return;
        }

        foreach (var message in _messages)
            message.Batch = this;

        var unanswered = _messages;
        try
        {
            var answers = await api.BatchAsync([.. _messages.Select(message => message.Message)], _abandoned.Token).ConfigureAwait(false);

            // Now, since callers may return as soon as they are answered.
            _away = Count;
            unanswered = [.. _messages.Where((message, index) => !message.TryAccept(answers[index]))];
        }
        catch (Exception exception) when (!PendingPublish.IsRefusal(exception))
        {
            _messages.ForEach(message => message.TrySetException(exception));
        }
        catch (QStashException)
        {
            // Refused as a whole, for one of its messages or for its size.
        }

        await Task.WhenAll(unanswered.GroupBy(message => message.Message.LaneKey).Select(SendOneByOneAsync)).ConfigureAwait(false);

        async Task SendOneByOneAsync(IEnumerable<PendingPublish> lane)
        {
            foreach (var message in lane)
                await message.SendAloneAsync(api).ConfigureAwait(false);
        }
    }

    // So that nothing is sent for nobody, such as after the wait for a rate limit.
    public void CancelIfAbandoned()
    {
        if (_messages.TrueForAll(message => message.Task.IsCompleted))
            _abandoned.Cancel();
    }

    // A batch with a message that QStash cannot recognise would not be repeated for the others either.
    bool Fits(PendingPublish next) => Count == 0
        || (Count < MostMessages && _size + next.Size <= MostBytes && _messages[0].Message.IsDeduplicated == next.Message.IsDeduplicated);
}

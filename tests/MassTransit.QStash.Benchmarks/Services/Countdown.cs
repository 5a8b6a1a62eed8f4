using System.Collections.Concurrent;
using System.Diagnostics;
using MassTransit.QStash.Benchmarks.Messages;

namespace MassTransit.QStash.Benchmarks.Services;

/// <summary>
/// Consumes messages, and tells when as many have come as are expected.
/// </summary>
sealed class Countdown
{
    readonly ConcurrentBag<double> _milliseconds = [];
    TaskCompletionSource _done = new();
    int _left;

    /// <summary>How long each message took from its publish on, in milliseconds.</summary>
    public IReadOnlyCollection<double> Latencies => _milliseconds;

    /// <summary>Completes when that many messages more have been consumed.</summary>
    public Task Expect(int count)
    {
        _milliseconds.Clear();
        _done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _left = count;

        return _done.Task;
    }

    public Task Consume(ConsumeContext<OrderPlaced> context)
    {
        _milliseconds.Add(Stopwatch.GetElapsedTime(context.Message.SentAt).TotalMilliseconds);
        if (Interlocked.Decrement(ref _left) == 0)
            _done.TrySetResult();

        return Task.CompletedTask;
    }
}

using System.Collections.Concurrent;
using System.Threading.Channels;

namespace MassTransit.QStash.RabbitMq.Tests.Support;

/// <summary>What was consumed on one side.</summary>
sealed class Seen<T>
    where T : class
{
    readonly ConcurrentQueue<ConsumeContext<T>> _contexts = new();
    readonly Channel<ConsumeContext<T>> _next = Channel.CreateUnbounded<ConsumeContext<T>>();

    public IReadOnlyCollection<ConsumeContext<T>> Contexts => _contexts;

    public Task Add(ConsumeContext<T> context)
    {
        _contexts.Enqueue(context);
        _next.Writer.TryWrite(context);

        return Task.CompletedTask;
    }

    /// <summary>Waits for the next message that was not waited for yet.</summary>
    public Task WaitAsync() => _next.Reader.ReadAsync(Cancellation).AsTask()
        .WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
}

using System.Collections.Concurrent;

namespace MassTransit.QStash.Tests.Support;

/// <summary>
/// What the consumers of a service saw.
/// </summary>
sealed class Observed
{
    readonly ConcurrentQueue<ConsumeContext> _contexts = new();

    public void Add(ConsumeContext context) => _contexts.Enqueue(context);

    public IReadOnlyList<ConsumeContext<T>> Contexts<T>()
        where T : class =>
        _contexts.OfType<ConsumeContext<T>>().ToArray();

    public IReadOnlyList<T> Messages<T>()
        where T : class =>
        Contexts<T>().Select(context => context.Message).ToArray();
}

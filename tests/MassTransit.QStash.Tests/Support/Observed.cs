namespace MassTransit.QStash.Tests.Support;

/// <summary>
/// What the consumers of a service saw.
/// </summary>
sealed class Observed
{
    // Enough for the real service: a test that hangs would not even say what it waits for.
    static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    readonly List<ConsumeContext> _contexts = [];
    readonly Lock _lock = new();
    TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Add(ConsumeContext context)
    {
        lock (_lock)
        {
            _contexts.Add(context);
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public IReadOnlyList<ConsumeContext<T>> Contexts<T>()
        where T : class
    {
        lock (_lock)
            return _contexts.OfType<ConsumeContext<T>>().ToArray();
    }

    public IReadOnlyList<T> Messages<T>()
        where T : class =>
        Contexts<T>().Select(context => context.Message).ToArray();

    /// <summary>Waits for the first message of a type that fulfils a condition, for what does not happen within a delivery.</summary>
    public Task<ConsumeContext<T>> WaitForAsync<T>(Func<ConsumeContext<T>, bool>? condition = null)
        where T : class =>
        FindAsync(condition ?? (_ => true)).WaitAsync(Deadline, Cancellation);

    async Task<ConsumeContext<T>> FindAsync<T>(Func<ConsumeContext<T>, bool> condition)
        where T : class
    {
        while (true)
        {
            Task changed;
            lock (_lock)
                changed = _changed.Task;

            if (Contexts<T>().FirstOrDefault(condition) is { } context)
                return context;

            await changed;
        }
    }
}

using MassTransit;

namespace Bridge.Running;

/// <summary>Prints each step, and knows when all were seen.</summary>
public sealed class Steps
{
    readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Lock _lock = new();
    readonly HashSet<BridgeStep> _missing = [.. Enum.GetValues<BridgeStep>()];

    public IReadOnlyList<BridgeStep> Missing
    {
        get
        {
            lock (_lock)
                return [.. _missing];
        }
    }

    public void Seen<T>(BridgeStep step, ConsumeContext<T> context)
        where T : class
    {
        Console.WriteLine($"{step}: {context.Message} at {context.ReceiveContext.InputAddress}");

        lock (_lock)
        {
            _missing.Remove(step);
            if (_missing.Count == 0)
                _all.TrySetResult();
        }
    }

    public async Task<bool> WaitForAll(TimeSpan timeout)
    {
        await Task.WhenAny(_all.Task, Task.Delay(timeout));

        return _all.Task.IsCompleted;
    }
}

using System.Diagnostics;

namespace OrderFlow.Running;

/// <summary>
/// Prints each step when it happens, and knows when all of them have.
/// </summary>
public sealed class FlowTrace
{
    readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource<string> _failing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Lock _lock = new();
    readonly HashSet<FlowStep> _missing = [.. Enum.GetValues<FlowStep>()];
    readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>Completes when every step was seen.</summary>
    public Task All => _all.Task;

    /// <summary>QStash's id of the message that will end in the dead letter queue.</summary>
    public Task<string> Failing => _failing.Task;

    public IReadOnlyList<FlowStep> Missing
    {
        get
        {
            lock (_lock)
                return _missing.Order().ToArray();
        }
    }

    public void Fails(string messageId) => _failing.TrySetResult(messageId);

    public void Seen(FlowStep step, string detail)
    {
        Print(step.ToString(), detail);

        lock (_lock)
        {
            _missing.Remove(step);
            if (_missing.Count == 0)
                _all.TrySetResult();
        }
    }

    public void Print(string what, string detail) =>
        Console.WriteLine($"{Stopwatch.GetElapsedTime(_start).TotalSeconds,6:N2} s  {what,-16}  {detail}");
}

using System.Diagnostics;

namespace OrderFlow.Running;

/// <summary>
/// Prints each step when it first happens, and knows when all of them have.
/// </summary>
public sealed class FlowTrace
{
    readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Lock _lock = new();
    readonly HashSet<FlowStep> _missing = [.. Enum.GetValues<FlowStep>()];
    readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>Completes when every step was seen.</summary>
    public Task All => _all.Task;

    public IReadOnlyList<FlowStep> Missing
    {
        get
        {
            lock (_lock)
                return _missing.Order().ToArray();
        }
    }

    public void Seen(FlowStep step, string detail)
    {
        lock (_lock)
        {
            if (!_missing.Remove(step))
                return;

            Print(step.ToString(), detail);

            if (_missing.Count == 0)
                _all.TrySetResult();
        }
    }

    public void Print(string what, string detail) =>
        Console.WriteLine($"{Stopwatch.GetElapsedTime(_start).TotalSeconds,6:N2} s  {what,-17}  {detail}");
}

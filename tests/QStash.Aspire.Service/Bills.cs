using System.Collections.Concurrent;

namespace QStash.Aspire.Service;

/// <summary>The orders that were billed, each for those who wait for it.</summary>
public class Bills
{
    readonly ConcurrentDictionary<string, TaskCompletionSource> _bills = new();

    public void Add(string id) => Of(id).TrySetResult();

    public Task WaitAsync(string id, CancellationToken cancellationToken) => Of(id).Task.WaitAsync(cancellationToken);

    TaskCompletionSource Of(string id) => _bills.GetOrAdd(id, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}

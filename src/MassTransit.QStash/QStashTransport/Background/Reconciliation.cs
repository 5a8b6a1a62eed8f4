namespace MassTransit.QStashTransport.Background;

/// <summary>
/// The progress of the work on a desired state.
/// </summary>
sealed class Reconciliation
{
    readonly TaskCompletionSource _attempted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes after the first attempt, whether it succeeded or failed.</summary>
    public Task FirstAttempt => _attempted.Task;

    /// <summary>Completes when QStash matches the state for the first time; cancelled when the work ends before that.</summary>
    public Task Done => _done.Task;

    /// <summary>Completes when the work has ended.</summary>
    public Task End { get; set; } = Task.CompletedTask;

    public void Attempted(bool isDone)
    {
        _attempted.TrySetResult();

        if (isDone)
            _done.TrySetResult();
    }

    public void Ended()
    {
        _attempted.TrySetResult();
        _done.TrySetCanceled();
    }
}

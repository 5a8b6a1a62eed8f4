namespace MassTransit.QStashTransport.Background;

/// <summary>
/// How far the work on a desired state has come.
/// </summary>
sealed class Reconciliation
{
    readonly TaskCompletionSource _attempted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes after the first attempt, however it went.</summary>
    public Task FirstAttempt => _attempted.Task;

    /// <summary>Completes when all is as wanted for the first time; cancelled when the work ends before.</summary>
    public Task Done => _done.Task;

    /// <summary>Completes when nothing is done any more.</summary>
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

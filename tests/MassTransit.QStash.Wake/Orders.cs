namespace MassTransit.QStash.Wake;

/// <summary>What the consumer is to do, and whether it did.</summary>
sealed class Orders(bool publishes)
{
    readonly TaskCompletionSource _consumed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool Publishes => publishes;

    public Task Consumed => _consumed.Task;

    public void Done() => _consumed.TrySetResult();
}

namespace MassTransit.QStash.Tests.Support;

/// <summary>
/// Consumes a message type and only takes note of it.
/// </summary>
sealed class Recorder<T>(Observed observed) : IConsumer<T>
    where T : class
{
    public Task Consume(ConsumeContext<T> context)
    {
        observed.Add(context);

        return Task.CompletedTask;
    }
}

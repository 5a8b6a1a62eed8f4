namespace MassTransit.QStash.Benchmarks.Services;

/// <summary>
/// Two services and what is between them: what the one publishes the other consumes.
/// </summary>
interface IOrderFlow : IAsyncDisposable
{
    string Name { get; }

    IBus Publisher { get; }

    Countdown Consumed { get; }
}

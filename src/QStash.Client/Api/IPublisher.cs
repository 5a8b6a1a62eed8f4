namespace QStash.Client;

// Sends publishes: to QStash one by one, or through the coalescer.
interface IPublisher
{
    Task<PublishAnswer> PublishAsync(PreparedMessage message, CancellationToken cancellationToken);

    // One answer per message, in their order.
    Task<IReadOnlyList<PublishAnswer>> BatchAsync(IReadOnlyList<PreparedMessage> messages, CancellationToken cancellationToken);
}

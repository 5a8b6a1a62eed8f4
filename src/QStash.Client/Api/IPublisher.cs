namespace QStash.Client;

// Sends publishes: to QStash one by one, or through the coalescer. Each method on the way of a single publish uses the pooling builder,
// which keeps the state of one call for the next: some 0.8 KB for each publish.
interface IPublisher
{
    ValueTask<PublishAnswer> PublishAsync(PreparedMessage message, CancellationToken cancellationToken);

    // One answer per message, in their order.
    Task<IReadOnlyList<PublishAnswer>> BatchAsync(IReadOnlyList<PreparedMessage> messages, CancellationToken cancellationToken);
}

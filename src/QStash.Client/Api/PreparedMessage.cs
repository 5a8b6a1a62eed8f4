namespace QStash.Client;

// A message with checked settings, so that a mistake fails its own caller and not the others in the same request.
sealed record PreparedMessage(string Destination, string? Queue, ReadOnlyMemory<byte> Body, string? ContentType, PublishHeaders Headers)
{
    // A publish may be repeated only if QStash can recognise the copy.
    public bool IsDeduplicated { get; private init; }

    // Messages with the same key keep their order: those to one destination or through one queue.
    public string LaneKey => Queue ?? Destination;

    // Otherwise the message goes to a URL group, which may have any number of endpoints.
    public bool IsToUrl => Destination.Contains("://", StringComparison.Ordinal);

    public static PreparedMessage Of(QStashMessage message, string parameter)
    {
        ArgumentNullException.ThrowIfNull(message, parameter);

        return new PreparedMessage(
            Client.Destination.Check(message.Destination, parameter),
            message.Queue is null ? null : Grammar.Name(message.Queue, "Queue", parameter),
            message.Body,
            message.ContentType is null ? null : Grammar.HeaderValue(message.ContentType, "ContentType", parameter),
            PublishHeaders.Of(message, parameter))
        {
            IsDeduplicated = message.ContentBasedDeduplication || message.DeduplicationId is not null
        };
    }

    public static PreparedMessage OfBatch(QStashMessage? message, string parameter)
    {
        if (message is null)
            throw new ArgumentException("The message is null. Remove it from the batch.", parameter);
        if (!message.CanBatch)
            throw new ArgumentException(
                "Body is not valid UTF-8, and a batch carries text only. Publish this message on its own.", parameter);

        return Of(message, parameter);
    }
}

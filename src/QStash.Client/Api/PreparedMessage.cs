namespace QStash.Client;

// A message whose every setting was checked, so that a mistake fails its own caller and not those it shares a request with.
sealed record PreparedMessage(string Destination, string? Queue, ReadOnlyMemory<byte> Body, string? ContentType, PublishHeaders Headers)
{
    // A repeated publish is harmless only when QStash can recognise it.
    public bool IsDeduplicated { get; private init; }

    // What is sent to one destination, or through one queue, keeps its order.
    public string LaneKey => Queue ?? Destination;

    // Else it goes to a URL group, of which any number of endpoints may be members.
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

namespace QStash.Emulator.Messages;

/// <summary>Where a message goes: a URL, and the group and endpoint it was resolved from, if any.</summary>
sealed record MessageTarget(string Url, string? TopicName, string? EndpointName)
{
    static readonly Shared<MessageTarget> Known = new(EqualityComparer<MessageTarget>.Default);

    public static MessageTarget Of(string url, string? topicName = null, string? endpointName = null) =>
        Known.Of(new MessageTarget(url, topicName, endpointName));
}

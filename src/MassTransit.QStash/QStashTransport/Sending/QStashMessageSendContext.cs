using MassTransit.Context;

namespace MassTransit.QStashTransport.Sending;

sealed class QStashMessageSendContext<T>(T message, CancellationToken cancellationToken) : MessageSendContext<T>(message, cancellationToken)
    where T : class
{
    const string UrlGroupsProperty = "QStash-UrlGroups";

    /// <summary>The URL groups to publish to; empty for a send to a URL.</summary>
    /// <remarks>
    /// Kept in the properties because an outbox replays a message without its type, from which they were worked out.
    /// </remarks>
    public IReadOnlyList<string> UrlGroups { get; set; } = [];

    public override void WritePropertiesTo(IDictionary<string, object> properties)
    {
        base.WritePropertiesTo(properties);

        if (UrlGroups.Count > 0)
            properties[UrlGroupsProperty] = string.Join(';', UrlGroups);
    }

    public override void ReadPropertiesFrom(IReadOnlyDictionary<string, object> properties)
    {
        base.ReadPropertiesFrom(properties);

        if (properties.ContainsKey(UrlGroupsProperty))
            UrlGroups = ReadStringArray(properties, UrlGroupsProperty);
    }
}

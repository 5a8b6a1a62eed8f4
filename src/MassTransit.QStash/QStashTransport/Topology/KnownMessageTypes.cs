using System.Collections.Concurrent;
using MassTransit.Configuration;

namespace MassTransit.QStashTransport.Topology;

/// <summary>
/// The message types that a bus has sent, published or consumed so far. MassTransit creates a topology for each.
/// </summary>
sealed class KnownMessageTypes : ISendTopologyConfigurationObserver
{
    readonly ConcurrentDictionary<string, Type> _types = new(StringComparer.Ordinal);

    public void MessageTopologyCreated<T>(IMessageSendTopologyConfigurator<T> messageTopology)
        where T : class =>
        Add(typeof(T));

    /// <summary>Adds a type. For a fault it also adds the type of the failed message.</summary>
    public void Add(Type type)
    {
        if (!MessageTypeCache.IsValidMessageType(type) || !_types.TryAdd(MessageUrn.ForTypeString(type), type))
            return;

        if (type.IsGenericType && type.GetGenericTypeDefinition() is var definition
            && (definition == typeof(Fault<>) || definition == typeof(Batch<>)))
            Add(type.GetGenericArguments()[0]);
    }

    /// <summary>The first of the types that the bus knows. The list begins with the most derived type.</summary>
    public Type? Find(IEnumerable<string> urns) =>
        urns.Select(urn => _types.GetValueOrDefault(urn)).FirstOrDefault(type => type is not null);
}

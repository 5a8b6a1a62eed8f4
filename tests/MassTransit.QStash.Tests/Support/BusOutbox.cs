using System.Collections.Concurrent;
using MassTransit.Context;
using MassTransit.DependencyInjection;
using MassTransit.Middleware;
using MassTransit.Middleware.Outbox;
using MassTransit.Serialization;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MassTransit.QStash.Tests.Support;

/// <summary>
/// MassTransit's bus outbox with a list in place of the database: it takes the place of the bus in each scope, keeps of a send what
/// the Entity Framework outbox keeps, as text, and sends it later through MassTransit's own pipe for that.
/// </summary>
sealed class BusOutbox : OutboxSendContext, ScopedBusContext, IScopedBusContextProvider<IBus>
{
    readonly ConcurrentQueue<InMemoryOutboxMessage> _messages = new();
    readonly IServiceProvider _services;

    BusOutbox(IServiceProvider services)
    {
        var bus = services.GetRequiredService<IBus>();

        _services = services;
        SendEndpointProvider = new OutboxSendEndpointProvider(this, bus);
        PublishEndpoint = new PublishEndpoint(new OutboxPublishEndpointProvider(this, bus));
    }

    public ISendEndpointProvider SendEndpointProvider { get; }
    public IPublishEndpoint PublishEndpoint { get; }

    // A request cannot wait for a transaction.
    public IScopedClientFactory ClientFactory => throw new NotSupportedException();

    ScopedBusContext IScopedBusContextProvider<IBus>.Context => this;

    public IReadOnlyCollection<InMemoryOutboxMessage> Messages => _messages;

    /// <summary>To be called after the bus was added.</summary>
    public static void Use(IServiceCollection services)
    {
        services.AddSingleton(provider => new BusOutbox(provider));
        services.Replace(ServiceDescriptor.Scoped<IScopedBusContextProvider<IBus>>(provider => provider.GetRequiredService<BusOutbox>()));
    }

    public Task AddSend<T>(SendContext<T> context)
        where T : class
    {
        IObjectDeserializer deserializer = SystemTextJsonMessageSerializer.Instance;
        var properties = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase);
        ((TransportSendContext<T>)context).WritePropertiesTo(properties);

        _messages.Enqueue(new InMemoryOutboxMessage
        {
            MessageId = context.MessageId ?? throw new MessageException(typeof(T), "An outbox needs the MessageId when it stores the message."),
            ConversationId = context.ConversationId,
            CorrelationId = context.CorrelationId,
            InitiatorId = context.InitiatorId,
            RequestId = context.RequestId,
            SourceAddress = context.SourceAddress,
            DestinationAddress = context.DestinationAddress,
            ResponseAddress = context.ResponseAddress,
            FaultAddress = context.FaultAddress,
            ContentType = context.ContentType!.ToString(),
            MessageType = string.Join(';', context.SupportedMessageTypes),
            Body = context.Serializer!.GetMessageBody(context).GetString(),
            Headers = deserializer.SerializeDictionary(context.Headers.GetAll()),
            Properties = deserializer.SerializeDictionary(properties),
        });

        return Task.CompletedTask;
    }

    public object? GetService(Type serviceType) => _services.GetService(serviceType);

    /// <summary>Sends all there is, and keeps it, as an outbox does that crashes before it notes that it has sent.</summary>
    public async Task SendAsync()
    {
        foreach (var message in _messages)
        {
            message.Deserialize(SystemTextJsonMessageSerializer.Instance);

            var endpoint = await _services.GetRequiredService<IBus>().GetSendEndpoint(message.DestinationAddress!);
            await endpoint.Send(new SerializedMessageBody(), new OutboxMessageSendPipe(message, message.DestinationAddress), Cancellation);
        }
    }
}

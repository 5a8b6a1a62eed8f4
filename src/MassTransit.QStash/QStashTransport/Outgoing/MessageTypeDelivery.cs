using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using MassTransit.Configuration;
using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit.QStashTransport.Outgoing;

/// <summary>
/// The delivery settings of a message type, for all sends of the type or only for publishes. They are checked when they are made.
/// </summary>
sealed class MessageTypeDelivery<T> :
    IMessageSendTopology<T>,
    IMessagePublishTopology<T>,
    IFilter<SendContext<T>>,
    IFilter<PublishContext<T>>
    where T : class
{
    readonly Action<QStashSendContext, SendContext<T>> _set;

    MessageTypeDelivery(Action<QStashSendContext, SendContext<T>> set) => _set = set;

    bool IMessagePublishTopology.Exclude => false;

    public static MessageTypeDelivery<T> Of(Action<QStashDeliverySettings> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);

        var settings = new QStashDeliverySettings();
        configure(settings);
        CallbackRequest.Validate(settings);

        return new((send, _) => configure(send.Delivery));
    }

    public static MessageTypeDelivery<T> OfFlowControl(Func<SendContext<T>, string> key, int? rate, TimeSpan? period, int? parallelism)
    {
        ArgumentNullException.ThrowIfNull(key);

        new QStashDeliverySettings { FlowControl = Create("key") }.Validate();

        return new((send, context) => send.Delivery.FlowControl = Create(key(context)));

        QStashFlowControlSettings Create(string name) => new() { Key = name, Rate = rate, Period = period, Parallelism = parallelism };
    }

    public static MessageTypeDelivery<T> OfOrder<TKey>(Func<T, TKey?> key, int fifoQueues, string prefix)
    {
        ArgumentNullException.ThrowIfNull(key);

        var orderedQueues = new OrderedQueues(fifoQueues, prefix);

        return new((send, context) =>
        {
            send.PartitionKey = string.Create(CultureInfo.InvariantCulture, $"{key(context.Message)}");

            if (send.TryGetPayload(out IOutgoingMessage? ordered))
                ordered.OrderedQueues = orderedQueues;
        });
    }

    public static MessageTypeDelivery<T> OfDeduplicationId(Func<SendContext<T>, string?> deduplicationId)
    {
        ArgumentNullException.ThrowIfNull(deduplicationId);

        return new((send, context) => send.Delivery.DeduplicationId = deduplicationId(context));
    }

    public static MessageTypeDelivery<T> OfDeduplication(QStashDeduplication deduplication) => Enum.IsDefined(deduplication)
        ? new((send, _) => send.Delivery.Deduplication = deduplication)
        : throw new ArgumentOutOfRangeException(nameof(deduplication), deduplication, "Use MessageId, Content or None.");

    public void Apply(ITopologyPipeBuilder<SendContext<T>> builder) => builder.AddFilter(this);
    public void Apply(ITopologyPipeBuilder<PublishContext<T>> builder) => builder.AddFilter(this);

    // The topology that this convention belongs to decides where messages go.
    bool IMessagePublishTopology.TryGetPublishAddress(Uri baseAddress, [NotNullWhen(true)] out Uri? publishAddress)
    {
        publishAddress = null;
        return false;
    }

    public Task Send(SendContext<T> context, IPipe<SendContext<T>> next)
    {
        Set(context);

        return next.Send(context);
    }

    public Task Send(PublishContext<T> context, IPipe<PublishContext<T>> next)
    {
        Set(context);

        return next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("delivery");

    // Does nothing if the message goes through another transport.
    void Set(SendContext<T> context)
    {
        if (context.TryGetPayload(out QStashSendContext? send))
            _set(send, context);
    }
}

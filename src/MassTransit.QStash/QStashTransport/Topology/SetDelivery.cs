using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using MassTransit.Configuration;
using MassTransit.QStashTransport.Callbacks;
using MassTransit.QStashTransport.Sending;
using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit.QStashTransport.Topology;

/// <summary>
/// What a message type decides about its delivery, for all that is sent of it or for what is published. Checked as it is made.
/// </summary>
sealed class SetDelivery<T> :
    IMessageSendTopology<T>,
    IMessagePublishTopology<T>,
    IFilter<SendContext<T>>,
    IFilter<PublishContext<T>>
    where T : class
{
    readonly Action<QStashSendContext, SendContext<T>> _set;

    SetDelivery(Action<QStashSendContext, SendContext<T>> set) => _set = set;

    bool IMessagePublishTopology.Exclude => false;

    public static SetDelivery<T> To(Action<QStashDeliverySettings> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);

        var settings = new QStashDeliverySettings();
        configure(settings);
        CallbackRequest.Validate(settings);

        return new((send, _) => configure(send.Delivery));
    }

    public static SetDelivery<T> ToRetries(int retries, string? retryDelay) => To(settings =>
    {
        settings.Retries = retries;
        settings.RetryDelay = retryDelay ?? settings.RetryDelay;
    });

    public static SetDelivery<T> ToTimeout(TimeSpan timeout) => To(settings => settings.Timeout = timeout);

    public static SetDelivery<T> ToFlowControl(string key, int? rate, TimeSpan? period, int? parallelism) =>
        To(settings => settings.FlowControl = new QStashFlowControlSettings { Key = key, Rate = rate, Period = period, Parallelism = parallelism });

    public static SetDelivery<T> ToFlowControl(Func<SendContext<T>, string> key, int? rate, TimeSpan? period, int? parallelism)
    {
        ArgumentNullException.ThrowIfNull(key);

        new QStashDeliverySettings { FlowControl = Create("key") }.Validate();

        return new((send, context) => send.Delivery.FlowControl = Create(key(context)));

        QStashFlowControlSettings Create(string name) => new() { Key = name, Rate = rate, Period = period, Parallelism = parallelism };
    }

    public static SetDelivery<T> ToCallback(Uri? address, Action<QStashCallbackOptions>? configure) =>
        To(settings => CallbackRequest.SetCallback(settings, address, configure));

    public static SetDelivery<T> ToFailureCallback(Uri? address, Action<QStashCallbackOptions>? configure) =>
        To(settings => CallbackRequest.SetFailureCallback(settings, address, configure));

    public static SetDelivery<T> ToOrder<TKey>(Func<T, TKey?> key, int queues, string prefix)
    {
        ArgumentNullException.ThrowIfNull(key);

        var orderedQueues = new OrderedQueues(queues, prefix);

        return new((send, context) =>
        {
            send.PartitionKey = string.Create(CultureInfo.InvariantCulture, $"{key(context.Message)}");

            if (send.TryGetPayload(out IOrderedSendContext? ordered))
                ordered.OrderedQueues = orderedQueues;
        });
    }

    public static SetDelivery<T> ToDeduplicationId(Func<SendContext<T>, string?> deduplicationId)
    {
        ArgumentNullException.ThrowIfNull(deduplicationId);

        return new((send, context) => send.DeduplicationId = deduplicationId(context));
    }

    public static SetDelivery<T> ToDeduplication(QStashDeduplication deduplication) => new((send, _) => send.Deduplication = deduplication);

    public void Apply(ITopologyPipeBuilder<SendContext<T>> builder) => builder.AddFilter(this);
    public void Apply(ITopologyPipeBuilder<PublishContext<T>> builder) => builder.AddFilter(this);

    // Where to is the business of the topology this is a part of.
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

    public void Probe(ProbeContext context) => context.CreateFilterScope("setDelivery");

    // Nothing where the message goes through another transport.
    void Set(SendContext<T> context)
    {
        if (context.TryGetPayload(out QStashSendContext? send))
            _set(send, context);
    }
}

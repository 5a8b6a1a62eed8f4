using System.Diagnostics.CodeAnalysis;
using System.Net.Mime;
using MassTransit.Logging;
using MassTransit.Serialization;
using MassTransit.Transports;
using Microsoft.AspNetCore.Http;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// One delivery in the pipeline; it collects the outcome to answer.
/// </summary>
sealed class QStashReceiveContext(QStashDelivery delivery, ReceiveEndpointContext context, HttpContext http) :
    BaseReceiveContext(delivery.Retried > 0, context, delivery)
{
    const string EnvelopeContentType = "application/vnd.masstransit+json";

    HttpContext? _http = http;
    bool _isFaultHeld;

    public override MessageBody Body { get; } = delivery.Body;

    /// <summary>How the delivery ended, unless the pipeline throws.</summary>
    public DeliveryOutcome Outcome { get; private set; } = DeliveryOutcome.Consumed;

    /// <summary>Why the message goes to the dead letter queue; it is stored there with the message.</summary>
    public QStashDeadLetterReason? Reason { get; private set; }

    public ILogContext LogContext { get; } = context.LogContext;

    protected override IHeaderProvider HeaderProvider => delivery.Headers;

    /// <summary>Whether a consumer failed and its fault was published, and not left to a later attempt.</summary>
    public bool PublishedFault => !_isFaultHeld && TryGetPayload(out ConsumerFaultContext? _);

    /// <summary>What the consumer that failed last has thrown, in a form that can be read.</summary>
    public Exception? LastFault { get; private set; }

    /// <summary>Leaves the fault to the last attempt.</summary>
    public void HoldFault() => _isFaultHeld = true;

    /// <summary>Sets the outcome of a delivery that no consumer gets.</summary>
    public void End(DeliveryOutcome outcome) => Outcome = outcome;

    /// <summary>Cancels a context. A failure of one consumer must not keep the others from being cancelled.</summary>
    public static void Cancel(object? state)
    {
        var context = (QStashReceiveContext)state!;
        try
        {
            context.Cancel();
        }
        catch (AggregateException exception)
        {
            context.LogContext.Warning?.Log(exception, "A consumer of {InputAddress} failed while it was cancelled", context.InputAddress);
        }
    }

    public void DeadLetter(DeliveryOutcome outcome, QStashDeadLetterReason reason) => (Outcome, Reason) = (outcome, reason);

    public override bool HasPayloadType(Type payloadType) =>
        (payloadType == typeof(HttpContext) && _http is not null) || base.HasPayloadType(payloadType);

    public override bool TryGetPayload<T>([NotNullWhen(true)] out T? payload)
        where T : class
    {
        if (typeof(T) != typeof(HttpContext))
            return base.TryGetPayload(out payload);

        payload = _http as T;

        return payload is not null;
    }

    public override Task NotifyFaulted<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
    {
        LastFault = exception;

        return base.NotifyFaulted(context, duration, consumerType, exception);
    }

    // The server reuses the HttpContext for the next request, and a consumer may keep this context longer.
    public override void Dispose()
    {
        _http = null;
        base.Dispose();
    }

    // Nearly all messages have the content type of the envelope, so it is not parsed each time.
    protected override ContentType? GetContentType() => delivery.ContentType switch
    {
        null or "" => null,
        EnvelopeContentType => SystemTextJsonMessageSerializer.JsonContentType,
        var text => Parse(text),
    };

    // The header may be malformed. If only a parameter is, or if it was sent twice and a proxy has joined both, the type in front counts.
    // Otherwise no deserializer reads the type used then.
    static ContentType Parse(string text) => TryParse(text)
        ?? TryParse(text.Split(';', ',')[0])
        ?? new ContentType(MediaTypeNames.Application.Octet);

    static ContentType? TryParse(string text)
    {
        try
        {
            return new ContentType(text);
        }
        // A text without anything is no format either.
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            return null;
        }
    }
}

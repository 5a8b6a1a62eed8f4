using System.Net.Mime;
using MassTransit.Serialization;
using MassTransit.Transports;

namespace MassTransit.QStashTransport.Receiving;

/// <summary>
/// One delivery on its way through the pipeline; collects what to answer.
/// </summary>
sealed class QStashReceiveContext(QStashDelivery delivery, QStashReceiveEndpointContext context) :
    BaseReceiveContext(delivery.Retried > 0, context, delivery)
{
    const string EnvelopeContentType = "application/vnd.masstransit+json";

    bool _isFaultHeld;

    public override MessageBody Body { get; } = delivery.Body;

    /// <summary>Where the message ended, unless an exception says otherwise.</summary>
    public DeliveryOutcome Outcome { get; private set; } = DeliveryOutcome.Consumed;

    /// <summary>Why the message goes to the dead letter queue, for whoever looks at it there.</summary>
    public QStashDeadLetterReason? Reason { get; private set; }

    protected override IHeaderProvider HeaderProvider => delivery.Headers;

    /// <summary>Whether a consumer failed, and its fault was not held back for a later attempt.</summary>
    public bool PublishedFault => !_isFaultHeld && TryGetPayload(out ConsumerFaultContext? _);

    /// <summary>Leaves the fault to the last attempt.</summary>
    public void HoldFault() => _isFaultHeld = true;

    /// <summary>Says how the delivery ends without a consumer.</summary>
    public void End(DeliveryOutcome outcome) => Outcome = outcome;

    public void DeadLetter(DeliveryOutcome outcome, QStashDeadLetterReason reason) => (Outcome, Reason) = (outcome, reason);

    // Nearly all messages have the same.
    protected override ContentType? GetContentType() => delivery.ContentType switch
    {
        null or "" => null,
        EnvelopeContentType => SystemTextJsonMessageSerializer.JsonContentType,
        var text => Parse(text),
    };

    // Anybody may write it. What it is not, no deserializer reads.
    static ContentType Parse(string text)
    {
        try
        {
            return new ContentType(text);
        }
        catch (FormatException)
        {
            return new ContentType(MediaTypeNames.Application.Octet);
        }
    }
}

using System.Diagnostics.CodeAnalysis;
using QStash.Client;

namespace MassTransit;

/// <summary>
/// What QStash tells about a delivery. Get it with <c>context.ReceiveContext.GetQStashMessage()</c>.
/// </summary>
[SuppressMessage("Naming", "CA1715", Justification = "MassTransit's contexts have no I.")]
public interface QStashMessageContext
{
    /// <summary>
    /// QStash's id of the message, the same for every attempt to deliver it: a key for idempotency. Empty when the header is missing or is
    /// not an id. The signature covers neither this id nor the other members of this interface.
    /// </summary>
    string MessageId { get; }

    /// <summary>How often the delivery was tried before, 0 for the first attempt.</summary>
    int Retried { get; }

    /// <summary>
    /// How often QStash may try the delivery again after the first attempt, as the sender set it. In the last attempt <see cref="Retried"/>
    /// has this value. Default: 3, QStash's own default, if the sender did not set it or does not use this transport. A number that a URL
    /// group or a replay sets is not visible here.
    /// </summary>
    int MaxRetries { get; }

    /// <summary>The time after which QStash gives an attempt up, or null if the sender did not set it: then the plan decides.</summary>
    TimeSpan? Timeout { get; }

    /// <summary>The URL group the message was published to, or null when it was sent to the endpoint.</summary>
    string? UrlGroup { get; }

    /// <summary>The schedule that made the message, or null.</summary>
    string? ScheduleId { get; }

    /// <summary>The address the message was published from, as QStash saw it.</summary>
    string? CallerIp { get; }

    /// <summary>The region of QStash that delivers, as <see cref="QStashRegion"/> names it; null if QStash does not name it.</summary>
    string? Region { get; }

    /// <summary>
    /// The HTTP headers of the delivery without the signature, among them headers that a sender without MassTransit forwarded
    /// (<c>Upstash-Forward-*</c>). Names ignore case. The signature does not cover them, so anybody may have set them.
    /// </summary>
    IReadOnlyDictionary<string, string> HttpHeaders { get; }
}

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
    /// QStash's id of the message, the same for every attempt to deliver it: a key for idempotency. Empty when the header is missing
    /// or is no id. No signature covers it, nor the rest of this interface.
    /// </summary>
    string MessageId { get; }

    /// <summary>How often the delivery was tried before, 0 for the first attempt.</summary>
    int Retried { get; }

    /// <summary>
    /// How often the sender lets the delivery be tried again after the first attempt: the last attempt is the one with this
    /// <see cref="Retried"/>. Default: 3, QStash's own, when the sender did not say or is another program than this transport. A
    /// number from a URL group or a replay does not show here.
    /// </summary>
    int MaxRetries { get; }

    /// <summary>After what time QStash gives an attempt up, or null when the sender did not say: then the plan decides.</summary>
    TimeSpan? Timeout { get; }

    /// <summary>The URL group the message was published to, or null when it was sent to the endpoint.</summary>
    string? UrlGroup { get; }

    /// <summary>The schedule that made the message, or null.</summary>
    string? ScheduleId { get; }

    /// <summary>The address the message was published from, as QStash saw it.</summary>
    string? CallerIp { get; }

    /// <summary>The region of QStash that delivers, as <see cref="QStashRegion"/> names it; null when QStash does not say.</summary>
    string? Region { get; }

    /// <summary>
    /// The HTTP headers of the delivery without the signature, among them those a sender without MassTransit forwarded
    /// (<c>Upstash-Forward-*</c>). Names ignore case. The signature does not cover them, so nothing proves them.
    /// </summary>
    IReadOnlyDictionary<string, string> HttpHeaders { get; }
}

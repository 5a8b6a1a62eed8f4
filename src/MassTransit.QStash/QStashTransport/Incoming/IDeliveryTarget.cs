using Microsoft.AspNetCore.Http;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// A receive endpoint, as the code that handles requests sees it.
/// </summary>
interface IDeliveryTarget
{
    Uri InputAddress { get; }

    string EndpointName { get; }

    /// <summary>Whether it is the bus endpoint. Each bus has one, and its name changes each time the process starts.</summary>
    bool IsBusEndpoint { get; }

    /// <summary>Whether it has been started.</summary>
    bool HasStarted { get; }

    /// <summary>
    /// Runs a delivery through the pipeline, without the execution context of the request. It returns only when all messages that the
    /// delivery caused have been sent, because the answer is the acknowledgement. While the endpoint is stopped temporarily the delivery
    /// waits, so that it uses up none of the message's retries.
    /// </summary>
    /// <param name="delivery">The delivery, with a verified signature.</param>
    /// <param name="http">The request, for consumers that ask for it.</param>
    ValueTask<DeliveryResult> Deliver(QStashDelivery delivery, HttpContext http);
}

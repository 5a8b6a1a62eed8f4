using Microsoft.AspNetCore.Http;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// A receive endpoint, as the HTTP side sees it.
/// </summary>
interface IDeliveryTarget
{
    Uri InputAddress { get; }

    string EndpointName { get; }

    /// <summary>Whether it is the endpoint that each bus has, whose name is another one each time the process starts.</summary>
    bool IsBusEndpoint { get; }

    /// <summary>Whether it has been started.</summary>
    bool HasStarted { get; }

    /// <summary>
    /// Runs a delivery through the pipeline, and returns only when all it caused has been sent: the answer is the acknowledgement.
    /// While the endpoint is stopped for a while the delivery waits, which uses up none of the message's retries.
    /// </summary>
    /// <param name="delivery">The delivery, its signature verified.</param>
    /// <param name="http">What a consumer gets that asks for the request.</param>
    Task<DeliveryResult> Deliver(QStashDelivery delivery, HttpContext http);
}

using Microsoft.AspNetCore.Http;

namespace MassTransit;

/// <summary>
/// Handles deliveries of QStash in an application that cannot map routes of ASP.NET Core, such as an HTTP trigger of Azure Functions with
/// the ASP.NET Core integration. Register it with <see cref="QStashDeliveryHandlerExtensions.AddQStashDeliveryHandler"/>. An application
/// that calls <c>MapQStash</c> does not need it.
/// </summary>
public interface IQStashDeliveryHandler
{
    /// <summary>
    /// Verifies the signature, lets the receive endpoint consume the message, and completes the response, whose status is the answer to
    /// QStash. It does for one request what the routes of <c>MapQStash</c> do.
    /// </summary>
    /// <param name="context">The request and its response, which must not have started. The body must not have been read.</param>
    /// <param name="endpointName">
    /// The name of the receive endpoint, the last segment of the path. The address in the token is checked against the public address of
    /// the endpoint, so a wrong name is refused.
    /// </param>
    Task Handle(HttpContext context, string endpointName);
}

using MassTransit;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsWorker;

/// <summary>Hands what QStash delivers over to the bus.</summary>
public sealed class Deliveries(IQStashDeliveryHandler handler)
{
    [Function("qstash")]
    public Task Deliver(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "qstash/{endpoint}")] HttpRequest request, string endpoint)
    {
        ArgumentNullException.ThrowIfNull(request);

        return handler.Handle(request.HttpContext, endpoint);
    }
}

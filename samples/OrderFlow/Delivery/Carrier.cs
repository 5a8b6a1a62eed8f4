using System.Text.Json;
using OrderFlow.Running;

namespace OrderFlow.Delivery;

/// <summary>
/// Somebody else's web hook.
/// </summary>
static class Carrier
{
    public const string Path = "/carrier";

    public static void Map(WebApplication app) => app.MapPut(Path, (HttpRequest request, JsonElement parcel, FlowTrace trace) =>
        trace.Seen(
            FlowStep.CarrierCalled,
            $"{request.Method} parcel {parcel.GetProperty("orderId")} with the key {request.Headers["X-Api-Key"]}"));
}

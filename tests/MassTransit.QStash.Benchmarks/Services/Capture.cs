using MassTransit.QStash.Benchmarks.Load;
using MassTransit.QStash.Benchmarks.Messages;

namespace MassTransit.QStash.Benchmarks.Services;

/// <summary>
/// Messages as the transport really sends them.
/// </summary>
static class Capture
{
    public static async Task<CapturedMessage> Message(OrderPlaced order)
    {
        await using var api = await SilentQStash.Start();
        await using var app = await QStashApp.Start(api.Url, FreePort.Find(), _ => { });

        // By its URL: nobody here knows who has an endpoint of that name.
        var endpoint = await app.Bus.GetSendEndpoint(new Uri(app.LocalAddress, "/qstash/orders"));
        await endpoint.Send(order);

        return api.First;
    }
}

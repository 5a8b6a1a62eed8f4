using MassTransit;
using MassTransit.Middleware;

namespace Bridge.Bridging;

/// <summary>
/// What a message keeps when it goes to the other bus: its ids, its headers and its time to live. The same MessageId lets QStash
/// recognise a copy, should the bridge be interrupted between the send and the acknowledgement.
/// </summary>
static class Crossing
{
    // Holds the id of the message that crossed, for a consumer's own messages inherit the header.
    const string Header = "Bridge-Crossed";

    /// <summary>Whether the message came over the bridge, and must not go back.</summary>
    public static bool HasCrossed(this ConsumeContext context) =>
        context.Headers.Get<string>(Header) is { } id && id == $"{context.MessageId}";

    public static CopyContextPipe Pipe(ConsumeContext context) => new(context, (_, copy) =>
    {
        copy.Headers.Set(Header, $"{context.MessageId}");
        // Addresses of this bus lead nowhere on the other one.
        copy.ResponseAddress = null;
        copy.FaultAddress = null;
    });
}

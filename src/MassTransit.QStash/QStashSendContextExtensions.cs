using MassTransit.Serialization;

namespace MassTransit;

/// <summary>
/// Says how a message is sent through QStash.
/// </summary>
public static class QStashSendContextExtensions
{
    /// <summary>
    /// Sends the message as anybody would send JSON: the message alone as the body, <c>application/json</c>, and each header set
    /// on the context as an HTTP header of its own, which must be printable ASCII. For webhooks and other receivers that do not know
    /// MassTransit. What MassTransit adds elsewhere (ids, addresses, time to live) is left out; a trace goes on as <c>traceparent</c>.
    /// </summary>
    /// <remarks>
    /// For all messages of a bus or an endpoint: <c>UseRawJsonSerializer(RawSerializerOptions.AnyMessageType)</c>. With
    /// <see cref="RawSerializerOptions.AddTransportHeaders"/> the body is the same, and MassTransit's headers come with it.
    /// </remarks>
    public static void SendAsPlainJson(this SendContext context)
    {
        ArgumentNullException.ThrowIfNull(context);

        context.Serializer = new SystemTextJsonRawMessageSerializer(RawSerializerOptions.AnyMessageType);
    }
}

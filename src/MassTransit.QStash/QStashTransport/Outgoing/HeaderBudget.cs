using System.Globalization;
using System.Text;
using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit.QStashTransport.Outgoing;

/// <summary>
/// Counts all headers that a delivery will have. A server answers 431 to a request with too many headers, and QStash would retry it in
/// vain. Kestrel's default limit is 100 headers and 32 KiB.
/// </summary>
static class HeaderBudget
{
    // The reserve is for QStash, which adds some 12 headers with up to 2 KB (more for a long URL), and for proxies.
    const int MostHeaders = 100 - 30;
    const int MostBytes = (32 - 8) * 1024;

    // ": " and the end of the line.
    const int Separators = 4;

    const int Named = 3;

    /// <exception cref="MessageException">A delivery, or a callback about it, would have too many headers.</exception>
    public static void Check(Type messageType, QStashDeliverySettings delivery)
    {
        Check(messageType, "The message", delivery.ForwardHeaders);

        if (delivery.Callback is { } callback)
            Check(messageType, "A callback about the message", callback.ForwardHeaders);
        if (delivery.FailureCallback is { } failureCallback)
            Check(messageType, "A failure callback about the message", failureCallback.ForwardHeaders);
    }

    static void Check(Type messageType, string what, IDictionary<string, string> headers)
    {
        var bytes = 0;
        foreach (var (name, value) in headers)
            bytes += Size(name, value);

        if (bytes <= MostBytes && headers.Count <= MostHeaders)
            return;

        var biggest = headers
            .SelectMany(header => Parts(header.Key, header.Value))
            .OrderByDescending(part => part.Size)
            .Take(Named)
            .Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Name} ({part.Size} bytes)"));

        throw new MessageException(messageType, string.Create(CultureInfo.InvariantCulture,
            $"{what} would have {headers.Count} headers of {bytes} bytes, and {MostHeaders} headers of {MostBytes} bytes fit into the "
                + $"requests that servers take, beside those of QStash. The biggest are {string.Join(", ", biggest)}. Put the data "
                + $"into the message, or use the default serializer, which carries headers in the body."));
    }

    // MassTransit's headers travel as one HTTP header. The error lists them by their own names, which the sender knows.
    static IEnumerable<(string Name, int Size)> Parts(string name, string value) =>
        name == TransportHeaders.HeaderName && TransportHeaders.Decode(value) is { } packed
        ? packed.GetAll().Select(header => (header.Key, Size(header.Key, header.Value as string ?? "")))
        : [(name, Size(name, value))];

    static int Size(string name, string value) => name.Length + Encoding.UTF8.GetByteCount(value) + Separators;
}

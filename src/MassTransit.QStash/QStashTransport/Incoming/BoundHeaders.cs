using System.Runtime.CompilerServices;
using MassTransit.QStashTransport.Wire;
using Microsoft.Extensions.Primitives;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// The headers of a request by which the transport, or MassTransit for it, decides something. <see cref="HeaderBinding"/> binds them to the
/// token of the request.
/// </summary>
[InlineArray(Count)]
struct BoundHeaders
{
    public const int ContentType = 0;
    public const int MessageId = 1;
    public const int Retried = 2;
    public const int ScheduleId = 3;
    public const int Sent = 4;
    public const int CallbackKind = 5;
    public const int Retries = 6;
    public const int Timeout = 7;

    const int Count = 14;

    // In the order of the constants. The others have no constant: they are bound too, and are read by their names where they are needed.
    static readonly string[] Names =
    [
        "Content-Type",
        "Upstash-Message-Id",
        "Upstash-Retried",
        "Upstash-Schedule-Id",
        TransportHeaders.HeaderName,
        CallbackHeaders.Kind,
        DeliveryTerms.Retries,
        DeliveryTerms.Timeout,
        "Upstash-Topic-Name",
        "Upstash-Caller-Ip",
        "Upstash-Region",
        AccountProof.HeaderName,
        CallbackHeaders.Source,
        CallbackHeaders.Proof,
    ];

    static readonly Dictionary<string, int> Indexes = Index();

    StringValues _first;

    /// <summary>Finds them among all headers of a request.</summary>
    public static BoundHeaders Of(ReadOnlySpan<KeyValuePair<string, StringValues>> headers)
    {
        var bound = default(BoundHeaders);

        foreach (var (name, values) in headers)
        {
            if (Indexes.TryGetValue(name, out var index))
                bound[index] = values;
        }

        return bound;
    }

    static Dictionary<string, int> Index()
    {
        var indexes = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);

        foreach (var name in Names)
            indexes.Add(name, indexes.Count);

        return indexes;
    }
}

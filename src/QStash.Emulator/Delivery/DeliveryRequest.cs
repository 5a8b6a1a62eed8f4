using System.Globalization;
using System.Net;
using QStash.Emulator.Grammar;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Delivery;

// docs/qstash-contract.md#delivery
/// <summary>Builds the HTTP request of one attempt.</summary>
static class DeliveryRequest
{
    const string UserAgent = "Upstash-QStash";

    static readonly HashSet<string> OwnHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "User-Agent", "Upstash-Message-Id", "Upstash-Retried", "Upstash-Signature", "Upstash-Caller-Ip", "Upstash-Region",
        "Upstash-Topic-Name", "Upstash-Schedule-Id",
    };

    public static HttpRequestMessage Create(
        Message message, int retried, bool verbatim, string region, bool corruptSignature, DateTimeOffset now)
    {
        var spec = message.Spec;
        var request = new HttpRequestMessage(HttpMethod.Parse(spec.Method), DestinationUrl.ToUri(message.Target.Url, verbatim))
        {
            Version = HttpVersion.Version11,
        };
        if (spec.Body.Length > 0 || spec.Method is not ("GET" or "DELETE"))
            request.Content = new ByteArrayContent(spec.Body);

        foreach (var (name, values) in spec.Headers)
        {
            if (OwnHeaders.Contains(name))
                continue;

            foreach (var value in values)
                Add(request, name, value);
        }

        if (DestinationUrl.Authorization(request.RequestUri!) is { } authorization && !request.Headers.Contains("Authorization"))
            Add(request, "Authorization", authorization);

        Add(request, "User-Agent", UserAgent);
        Add(request, "Upstash-Message-Id", message.Id);
        Add(request, "Upstash-Retried", retried.ToString(CultureInfo.InvariantCulture));
        Add(request, "Upstash-Caller-Ip", spec.CallerIp);
        Add(request, "Upstash-Region", region);
        var signature = DeliverySignature.Create(message.Account.Keys.Current, message.Target.Url, spec.Body, now);
        Add(request, "Upstash-Signature", corruptSignature ? DeliverySignature.Corrupt(signature) : signature);
        if (message.Target.TopicName is { } topic)
            Add(request, "Upstash-Topic-Name", topic);

        if (spec.ScheduleId is { } schedule)
            Add(request, "Upstash-Schedule-Id", schedule);

        return request;
    }

    static void Add(HttpRequestMessage request, string name, string value)
    {
        // .NET takes headers such as Content-Type only on the content, even if that is empty.
        if (!request.Headers.TryAddWithoutValidation(name, value))
            (request.Content ??= new ByteArrayContent([])).Headers.TryAddWithoutValidation(name, value);
    }
}

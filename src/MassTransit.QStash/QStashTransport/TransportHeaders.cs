using System.Globalization;
using System.Text.Json;
using MassTransit.Logging;
using MassTransit.Serialization;
using MassTransit.Transports;

namespace MassTransit.QStashTransport;

/// <summary>
/// MassTransit's transport headers, as one HTTP header that holds a JSON object of strings. Plain JSON has HTTP headers instead.
/// </summary>
/// <remarks>
/// As headers of their own they would not survive: QStash changes the case of names (contract 3.6), on which MassTransit
/// relies, and HTTP allows only visible ASCII in values. System.Text.Json's default encoder writes nothing but ASCII.
/// </remarks>
static class TransportHeaders
{
    public const string HeaderName = "MassTransit-Headers";

    // Checked before the body is opened, and the only place where raw JSON can have it. Raw serializers keep "MT-" to themselves.
    const string ExpirationTime = "MT-Expiration-Time";

    // Servers take 32 KiB for all headers of a request by default, and answer 431 beyond, which QStash would retry in vain.
    const int MaxLength = 16 * 1024;

    // An envelope carries all headers itself. The receiver needs these before it opens it: the trace to continue.
    static readonly string[] TraceHeaders =
        [DiagnosticHeaders.ActivityId, DiagnosticHeaders.ActivityCorrelationContext, DiagnosticHeaders.ActivityPropagation];

    /// <summary>
    /// The HTTP headers of a message whose body has been serialized already: raw serializers add theirs while they do.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Encode(SendContext context, DateTimeOffset now)
    {
        Dictionary<string, string> headers = IsPlainJson(context) ? EncodePlain(context) : new() { [HeaderName] = EncodeAll(context, now) };

        var length = headers.Sum(header => header.Key.Length + header.Value.Length);

        return length <= MaxLength
            ? headers
            : throw new ArgumentException($"The headers of the message take {length} characters, and {MaxLength} fit into an HTTP request. Put the data into the message, or use the default serializer, which carries headers in the body.");
    }

    static string EncodeAll(SendContext context, DateTimeOffset now)
    {
        var headers = new Dictionary<string, object>(StringComparer.Ordinal);

        if (IsEnvelope(context))
            headers.Set(context.Headers.Where(header => TraceHeaders.Contains(header.Key)));
        else
            headers.Set(context.Headers);

        headers[MessageHeaders.MessageId] = context.MessageId!.Value.ToString();

        // From when the message is due, as brokers count it.
        if (context.TimeToLive is { } timeToLive)
        {
            var due = context.Delay > TimeSpan.Zero ? now + context.Delay.Value : now;
            headers[ExpirationTime] = (due + timeToLive).ToString("O", CultureInfo.InvariantCulture);
        }

        return JsonSerializer.Serialize(headers);
    }

    // As any HTTP client would send it: what the sender set is a header of its own, and the trace goes on by the standard's name.
    static Dictionary<string, string> EncodePlain(SendContext context)
    {
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        values.Set(context.Headers.Where(header => !IsOfMassTransit(header.Key)));

        var headers = values.ToDictionary(header => header.Key, header => (string)header.Value, StringComparer.OrdinalIgnoreCase);

        if (context.Headers.Get<string>(DiagnosticHeaders.ActivityId) is { } activityId)
            headers.TryAdd("traceparent", activityId);

        return headers;
    }

    /// <summary>
    /// Reads what <see cref="Encode"/> wrote, null when it wrote nothing. Anybody with the token may have sent something else, which
    /// counts as no headers.
    /// </summary>
    public static IHeaderProvider? Decode(string? header)
    {
        if (string.IsNullOrEmpty(header))
            return null;

        try
        {
            return new DictionaryHeaderProvider(
                JsonSerializer.Deserialize<Dictionary<string, string>>(header)?.ToDictionary(pair => pair.Key, pair => (object)pair.Value));
        }
        catch (JsonException)
        {
            return new DictionaryHeaderProvider();
        }
    }

    public static DateTimeOffset? GetExpirationTime(IHeaderProvider headers) =>
        headers.TryGetHeader(ExpirationTime, out var value)
        && DateTimeOffset.TryParseExact(value as string, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : null;

    static bool IsPlainJson(SendContext context)
    {
        var isJson = string.Equals(context.ContentType?.MediaType, SystemTextJsonRawMessageSerializer.JsonContentType.MediaType, StringComparison.OrdinalIgnoreCase);

        if (context is QStashSendContext { IsPlainJson: true })
        {
            return isJson
                ? true
                : throw new ArgumentException($"The message is to be sent as plain JSON, and its serializer writes {context.ContentType}. Behind a transactional outbox the bus needs cfg.UseRawJsonDeserializer() to send it again.");
        }

        // From a serializer that was told to add no headers. Whatever headers of MassTransit there are all the same, such as the
        // count of redeliveries, somebody will need.
        return isJson && !context.Headers.Any(header => IsOfMassTransit(header.Key) && !TraceHeaders.Contains(header.Key));
    }

    static bool IsOfMassTransit(string header) => header.StartsWith("MT-", StringComparison.Ordinal)
        || header is MessageHeaders.ContentType or MessageHeaders.MessageId or MessageHeaders.CorrelationId or MessageHeaders.ConversationId or MessageHeaders.RequestId;

    static bool IsEnvelope(SendContext context) =>
        context.ContentType?.MediaType.StartsWith("application/vnd.masstransit", StringComparison.OrdinalIgnoreCase) == true;
}

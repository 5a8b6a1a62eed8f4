using System.Globalization;
using System.Text.Json;
using MassTransit.Logging;
using MassTransit.QStashTransport.Scheduling;
using MassTransit.Transports;

namespace MassTransit.QStashTransport;

/// <summary>
/// MassTransit's transport headers, as one HTTP header that holds a JSON object of strings.
/// </summary>
/// <remarks>
/// As headers of their own they would not survive: QStash changes the case of names (contract 3.6), on which MassTransit
/// relies, and HTTP allows only visible ASCII in values. System.Text.Json's default encoder writes nothing but ASCII.
/// </remarks>
static class TransportHeaders
{
    public const string HeaderName = "MassTransit-Headers";
    public const string ScheduleStartTime = "MT-Schedule-StartTime";
    public const string ScheduleEndTime = "MT-Schedule-EndTime";

    // Servers take 32 KiB for all headers of a request by default, and answer 431 beyond, which QStash would retry in vain.
    const int MaxLength = 16 * 1024;

    // An envelope carries all headers itself. The receiver needs these before it opens it: the trace to continue.
    static readonly string[] TraceHeaders =
        [DiagnosticHeaders.ActivityId, DiagnosticHeaders.ActivityCorrelationContext, DiagnosticHeaders.ActivityPropagation];

    /// <summary>Writes the headers of a message whose body has been serialized already: raw serializers add theirs while they do.</summary>
    public static string Encode(SendContext context, Recurrence? recurrence)
    {
        var headers = new Dictionary<string, object>(StringComparer.Ordinal);

        if (IsEnvelope(context))
            headers.Set(context.Headers.Where(header => IsTrace(header.Key)));
        else
            headers.Set(context.Headers);

        headers[MessageHeaders.MessageId] = context.MessageId!.Value.ToString();

        if (recurrence is not null)
            AddRecurrence(headers, recurrence);

        var text = JsonSerializer.Serialize(headers);

        return text.Length <= MaxLength
            ? text
            : throw new ArgumentException($"The headers of the message take {text.Length} characters, and {MaxLength} fit into an HTTP header. Put the data into the message, or use the default serializer, which carries headers in the body.");
    }

    /// <summary>
    /// Reads what <see cref="Encode"/> wrote. Anybody with the token may have sent something else, which then counts as no headers.
    /// </summary>
    public static IHeaderProvider Decode(string? header)
    {
        try
        {
            return new DictionaryHeaderProvider(string.IsNullOrEmpty(header)
                ? null
                : JsonSerializer.Deserialize<Dictionary<string, string>>(header)?.ToDictionary(pair => pair.Key, pair => (object)pair.Value));
        }
        catch (JsonException)
        {
            return new DictionaryHeaderProvider();
        }
    }

    /// <summary>Whether the header belongs to the trace of one send.</summary>
    public static bool IsTrace(string header) => TraceHeaders.Contains(header);

    static void AddRecurrence(Dictionary<string, object> headers, Recurrence recurrence)
    {
        // Each message that comes of it has an id and a trace of its own.
        foreach (var header in TraceHeaders)
            headers.Remove(header);
        headers.Remove(MessageHeaders.MessageId);

        if (recurrence.StartTime is { } startTime)
            headers[ScheduleStartTime] = startTime.ToString("O", CultureInfo.InvariantCulture);
        if (recurrence.EndTime is { } endTime)
            headers[ScheduleEndTime] = endTime.ToString("O", CultureInfo.InvariantCulture);
    }

    static bool IsEnvelope(SendContext context) =>
        context.ContentType?.MediaType.StartsWith("application/vnd.masstransit", StringComparison.OrdinalIgnoreCase) == true;
}

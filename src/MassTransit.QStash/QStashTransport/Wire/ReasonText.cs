using System.Text.Json;
using System.Text.Json.Serialization;

namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// The body of an answer with which an endpoint fails a message. QStash stores the last one, and it is read from the dead letter queue and
/// from callbacks.
/// </summary>
static class ReasonText
{
    /// <summary>Stops QStash from making further attempts, together with <see cref="NonRetryableStatus"/>.</summary>
    public const string NonRetryableHeader = "Upstash-NonRetryable-Error";

    public const int NonRetryableStatus = 489;

    // The answer of an endpoint whose pipeline rethrows after its consumer published the fault.
    const int FailedStatus = 500;

    static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static byte[] Write(QStashDeadLetterReason reason) => JsonSerializer.SerializeToUtf8Bytes(reason, Options);

    /// <summary>Reads the reason; null when the answer is not that of an endpoint that failed the message.</summary>
    public static QStashDeadLetterReason? Read(int status, IReadOnlyDictionary<string, IReadOnlyList<string>> headers,
        ReadOnlySpan<byte> body)
    {
        if (!IsNonRetryable(status, headers) && status != FailedStatus)
            return null;

        try
        {
            return JsonSerializer.Deserialize<QStashDeadLetterReason>(body, Options) is { Reason: not null } reason ? reason : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether QStash made no further attempt after the answer.</summary>
    public static bool IsNonRetryable(int status, IReadOnlyDictionary<string, IReadOnlyList<string>> headers) =>
        status == NonRetryableStatus && headers.ContainsKey(NonRetryableHeader);
}

using System.Text.Json;
using System.Text.Json.Serialization;
using MassTransit.QStashTransport.Receiving;
using MassTransit.Util;
using Microsoft.AspNetCore.Http;

namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// The body of an answer with which an endpoint fails a message. QStash keeps the last one, and it is read again from the dead
/// letter queue and from callbacks.
/// </summary>
static class AnswerReason
{
    public const string NonRetryableHeader = "Upstash-NonRetryable-Error";

    // Enough to know what happened; QStash keeps it, and limits what it keeps.
    const int MaxMessageLength = 1000;

    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static QStashDeadLetterReason OfFault(PipeContext context, Exception exception)
    {
        context.TryGetPayload(out ConsumerFaultContext? fault);

        var cause = ReadableException.CauseOf(ReadableException.Of(exception));
        var message = ExceptionUtil.GetMessage(cause);

        // No stack trace: the Fault<T> has it, and this leaves the house.
        return new QStashDeadLetterReason("fault")
        {
            ExceptionType = ReadableException.TypeOf(cause),
            Message = message.Length <= MaxMessageLength ? message : message[..MaxMessageLength],
            MessageType = fault?.MessageType,
            ConsumerType = fault?.ConsumerType,
        };
    }

    /// <summary>Says of a body that nobody could read how it is encoded.</summary>
    public static QStashDeadLetterReason WithEncoding(this QStashDeadLetterReason reason, string encoding) => reason.ConsumerType is null
        ? reason with { Message = $"{reason.Message} The body has the Content-Encoding '{encoding}', which receive endpoints do not decode.".TrimStart() }
        : reason;

    /// <summary>The reason, or null when the answer is not one of an endpoint that failed the message.</summary>
    public static QStashDeadLetterReason? Read(int status, IReadOnlyDictionary<string, IReadOnlyList<string>> headers, ReadOnlySpan<byte> body)
    {
        // 500 is what an endpoint answers that rethrows, after its consumer published the fault.
        if (!IsNonRetryable(status, headers) && status != StatusCodes.Status500InternalServerError)
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

    /// <summary>Whether QStash made no further attempt after the answer (contract 5.1).</summary>
    public static bool IsNonRetryable(int status, IReadOnlyDictionary<string, IReadOnlyList<string>> headers) =>
        status == DeliveryAnswer.NonRetryableStatusCode && headers.ContainsKey(NonRetryableHeader);
}

using MassTransit.Util;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// Says in an answer why an endpoint fails a message.
/// </summary>
static class AnswerReason
{
    // Enough to know what happened; QStash keeps it, and limits what it keeps.
    const int MaxMessageLength = 1000;

    public static QStashDeadLetterReason OfFault(PipeContext context, Exception exception)
    {
        context.TryGetPayload(out ConsumerFaultContext? fault);

        var cause = ReadableException.CauseOf(ReadableException.Of(exception));
        var message = ExceptionUtil.GetMessage(cause);

        // No stack trace, since this is sent to QStash. The Fault<T> has it.
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
        ? reason with
        {
            Message = $"{reason.Message} The body has the Content-Encoding '{encoding}', which receive endpoints do not "
        + "decode.".TrimStart()
        }
        : reason;
}

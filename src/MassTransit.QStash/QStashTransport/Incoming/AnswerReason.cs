using MassTransit.Util;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// The reason, in an answer, why an endpoint failed a message.
/// </summary>
static class AnswerReason
{
    // This is enough to know what happened. QStash stores the answer and limits its size.
    const int MaxMessageLength = 1000;

    public static QStashDeadLetterReason OfFault(PipeContext context, Exception exception)
    {
        context.TryGetPayload(out ConsumerFaultContext? fault);

        var cause = ReadableException.CauseOf(ReadableException.Of(exception));
        var message = ExceptionUtil.GetMessage(cause);

        // Leave the stack trace out, because this is sent to QStash. Fault<T> has it.
        return new QStashDeadLetterReason("fault")
        {
            ExceptionType = ReadableException.TypeOf(cause),
            Message = message[..Math.Min(message.Length, MaxMessageLength)],
            MessageType = fault?.MessageType,
            ConsumerType = fault?.ConsumerType,
        };
    }

    /// <summary>Adds the encoding of a body that could not be read.</summary>
    public static QStashDeadLetterReason WithEncoding(this QStashDeadLetterReason reason, string encoding)
    {
        // What a consumer got could be read.
        if (reason.ConsumerType is not null)
            return reason;

        var text = $"The body has the Content-Encoding '{encoding}', which receive endpoints do not decode.";

        return reason with { Message = reason.Message is null ? text : $"{reason.Message} {text}" };
    }
}

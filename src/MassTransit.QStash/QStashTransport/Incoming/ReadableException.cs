using System.Text.Json;
using MassTransit.Events;
using MassTransit.Serialization;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// Reads exceptions safely. An exception's properties may throw, or hold data that cannot be serialized. Then logging or reporting it would
/// fail, and QStash would deliver the message again and again.
/// </summary>
static class ReadableException
{
    /// <summary>The exception itself if it can be read, else a replacement with the parts that can be read.</summary>
    public static Exception Of(Exception exception) =>
        exception is UnreadableException || IsReadable(exception) ? exception : new UnreadableException(exception, Describe(exception));

    /// <summary>The innermost exception of a readable one.</summary>
    public static Exception CauseOf(Exception readable) => readable.GetBaseException() ?? readable;

    /// <summary>The name of the type that was thrown.</summary>
    public static string TypeOf(Exception readable) =>
        readable is ExceptionInfoException known ? known.ExceptionInfo.ExceptionType : TypeCache.GetShortName(readable.GetType());

    // Reads everything that loggers and faults read.
    static bool IsReadable(Exception exception)
    {
        try
        {
            _ = exception.ToString();
            _ = exception.GetBaseException();

            return AreReadable(exception);
        }
        catch (Exception)
        {
            return false;
        }
    }

    static bool AreReadable(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            _ = (exception.Message, exception.StackTrace, exception.Source);

            if (exception.Data is { Count: > 0 } data)
                _ = JsonSerializer.SerializeToUtf8Bytes(data, SystemTextJsonMessageSerializer.Options);

            if (exception is AggregateException aggregate)
                return aggregate.InnerExceptions.All(AreReadable);
        }

        return true;
    }

    static FaultExceptionInfo Describe(Exception exception) => new()
    {
        ExceptionType = TypeCache.GetShortName(exception.GetType()),
        Message = Read(() => exception.Message) ?? "The exception has no message that could be read.",
        StackTrace = Read(() => exception.StackTrace) ?? "",
        Source = Read(() => exception.Source) ?? "",
        InnerException = exception.InnerException is { } inner ? Describe(inner) : null,
    };

    static string? Read(Func<string?> read)
    {
        try
        {
            return read();
        }
        catch (Exception)
        {
            return null;
        }
    }
}

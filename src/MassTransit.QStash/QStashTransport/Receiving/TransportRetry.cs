using System.Runtime.Serialization;
using MassTransit.Configuration;

namespace MassTransit.QStashTransport.Receiving;

/// <summary>
/// Decides whether a failure is left to QStash, which delivers the message again.
/// </summary>
sealed class TransportRetry : ExceptionSpecification
{
    public bool WillRetry(ReceiveContext context, Exception exception)
    {
        // On another transport, such as the one of a test harness, nobody retries.
        if (!context.TryGetPayload(out QStashMessageContext? delivery) || delivery.Retried >= delivery.MaxRetries)
            return false;

        var cause = exception is AggregateException ? exception.GetBaseException() : exception;

        // What cannot be read now cannot be read later.
        return cause is not SerializationException && Filter.Match(cause);
    }
}

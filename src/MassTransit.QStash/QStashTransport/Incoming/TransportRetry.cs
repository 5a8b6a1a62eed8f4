using System.Runtime.Serialization;
using MassTransit.Configuration;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// Decides whether a failure is left to QStash, which delivers the message again.
/// </summary>
sealed class TransportRetry : ExceptionSpecification
{
    public async Task<bool> WillRetry(ReceiveContext context, Exception exception)
    {
        // On another transport, such as the one of a test harness, nobody retries.
        if (!context.TryGetPayload(out QStashDelivery? delivery))
            return false;

        var thrown = exception is UnreadableException unreadable ? unreadable.Original : exception;
        var cause = thrown is AggregateException ? thrown.GetBaseException() : thrown;

        // What cannot be read now cannot be read later.
        if (cause is SerializationException || !Matches(cause))
            return false;

        // One question for each failed attempt, whoever wants to know.
        var maxRetries = context.GetOrAddPayload(
            () => new Lazy<Task<int>>(() => context.GetPayload<AttemptLimit>().GetMaxRetriesAsync(delivery, context.CancellationToken)));

        return delivery.Retried < await maxRetries.Value.ConfigureAwait(false);
    }

    bool Matches(Exception cause)
    {
        try
        {
            return Filter.Match(cause);
        }
        catch (Exception)
        {
            // The exception is one of those that throw when they are asked, and has to get the same answer whoever wants to know.
            return false;
        }
    }
}

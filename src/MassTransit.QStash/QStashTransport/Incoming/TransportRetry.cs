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
        // Another transport, such as that of a test harness, does not retry.
        if (!context.TryGetPayload(out QStashDelivery? delivery))
            return false;

        var thrown = exception is UnreadableException unreadable ? unreadable.Original : exception;
        var cause = thrown is AggregateException ? thrown.GetBaseException() : thrown;

        // A body that cannot be read now cannot be read later.
        if (cause is SerializationException || !Matches(cause))
            return false;

        // Ask QStash only once for each failed attempt.
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
            // Reading the exception throws. Its decision must be the same for every caller.
            return false;
        }
    }
}

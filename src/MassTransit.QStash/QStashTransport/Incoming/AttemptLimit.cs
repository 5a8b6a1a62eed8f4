using QStash.Client;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// Asks QStash how often it will deliver a message. A payload of receive endpoints.
/// </summary>
/// <remarks>
/// The number that the sender set may have changed when a dead letter was replayed, and is not known when a URL group or another program
/// sets it. If the transport counted on a retry that never comes, the fault would be lost.
/// </remarks>
sealed class AttemptLimit(IQStashMessages messages, TimeProvider time)
{
    // QStash waits for the answer to the delivery during this time.
    static readonly TimeSpan LongestQuestion = TimeSpan.FromSeconds(5);

    public async Task<int> GetMaxRetriesAsync(QStashDelivery delivery, CancellationToken cancellationToken)
    {
        if (delivery.MessageId.Length == 0)
            return delivery.MaxRetries;

        using var limit = new CancellationTokenSource(LongestQuestion, time);
        using var source = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return (await messages.GetAsync(delivery.MessageId, source.Token).ConfigureAwait(false))?.MaxRetries ?? delivery.MaxRetries;
        }
        catch (Exception exception) when (exception is QStashException || limit.IsCancellationRequested)
        {
            LogContext.Debug?.Log(
                exception, "QStash did not say how often it will retry {MessageId}: {MaxRetries} is assumed", delivery.MessageId,
                    delivery.MaxRetries);

            return delivery.MaxRetries;
        }
    }
}

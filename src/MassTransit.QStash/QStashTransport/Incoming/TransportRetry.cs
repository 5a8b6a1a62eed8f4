using System.Runtime.Serialization;
using MassTransit.Configuration;
using MassTransit.QStashTransport.Configuration;
using QStash.Client;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// Decides whether a failure is left to QStash, which delivers the message again.
/// </summary>
sealed class TransportRetry : ExceptionSpecification
{
    // QStash waits for the answer to the delivery meanwhile.
    static readonly TimeSpan LongestQuestion = TimeSpan.FromSeconds(5);

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
        var maxRetries = context.GetOrAddPayload(() => new Lazy<Task<int>>(() => AskForMaxRetries(context, delivery)));

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

    // What the sender said may have been changed since, by whoever replayed a dead letter, and is not known where a URL group or
    // another program decided. QStash knows (contract 2.4), and to count on a retry that never comes would lose the fault.
    static async Task<int> AskForMaxRetries(ReceiveContext context, QStashDelivery delivery)
    {
        if (delivery.MessageId.Length == 0)
            return delivery.MaxRetries;

        var host = context.GetPayload<QStashHostConfiguration>();

        using var limit = new CancellationTokenSource(LongestQuestion, host.TimeProvider);
        using var source = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.CancellationToken);

        try
        {
            return (await host.Client.Messages.GetAsync(delivery.MessageId, source.Token).ConfigureAwait(false))?.MaxRetries ?? delivery.MaxRetries;
        }
        catch (Exception exception) when (exception is QStashException || limit.IsCancellationRequested)
        {
            LogContext.Debug?.Log(exception, "QStash did not say how often it will retry {MessageId}: {MaxRetries} is assumed", delivery.MessageId, delivery.MaxRetries);

            return delivery.MaxRetries;
        }
    }
}

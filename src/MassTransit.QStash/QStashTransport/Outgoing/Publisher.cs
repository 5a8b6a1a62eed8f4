using System.Runtime.CompilerServices;
using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit.QStashTransport.Outgoing;

/// <summary>
/// Sends messages to QStash. A URL group that does not exist has no subscribers, which is not an error.
/// </summary>
sealed class Publisher(IQStashClient client, MissingUrlGroups missingUrlGroups, DelayLimit delays)
{
    /// <summary>Publishes a message to each of its destinations. A destination without subscribers gives no receipt.</summary>
    /// <param name="messages">One message for each destination; otherwise they are equal.</param>
    /// <param name="messageType">The type of the message, for errors.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public ValueTask<IReadOnlyList<QStashReceipt>> PublishAsync(QStashMessage[] messages, Type messageType,
        CancellationToken cancellationToken)
    {
        if (messages.Length > 0)
            delays.Check(messages[0], messageType);

        return messages is [var single]
            ? PublishAloneAsync(single, messageType, cancellationToken)
            : PublishAllAsync(messages, messageType, cancellationToken);
    }

    async ValueTask<IReadOnlyList<QStashReceipt>> PublishAllAsync(QStashMessage[] messages, Type messageType,
        CancellationToken cancellationToken)
    {
        var receipts = new List<QStashReceipt>();

        // A batch carries bodies as JSON strings, so messages with binary bodies are sent one by one.
        var rest = messages.Length > 1 && messages[0].CanBatch
            ? await BatchAsync(messages, messageType, receipts, cancellationToken).ConfigureAwait(false)
            : messages;

        foreach (var message in rest)
            receipts.AddRange(await PublishAloneAsync(message, messageType, cancellationToken).ConfigureAwait(false));

        return receipts;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    async ValueTask<IReadOnlyList<QStashReceipt>> PublishAloneAsync(QStashMessage message, Type messageType,
        CancellationToken cancellationToken)
    {
        try
        {
            return Complete(await client.PublishAsync(message, cancellationToken).ConfigureAwait(false), message);
        }
        catch (QStashException exception)
        {
            delays.ThrowIfRefused(message, messageType, exception.Error, exception);

            if (!await missingUrlGroups.IsMissingAsync(message.Destination, exception, cancellationToken).ConfigureAwait(false))
                throw;

            return [];
        }
    }

    /// <summary>Logs, once for each type, that a published message has no subscribers.</summary>
    public void ReportNobody(Type messageType, IReadOnlyList<string> urlGroups) => missingUrlGroups.Report(messageType, urlGroups);

    // Returns the messages that are to be published alone. Then the answer is complete: it tells the kind of the refusal, or when a limit
    // ends, so that the client can wait for it.
    async Task<QStashMessage[]> BatchAsync(QStashMessage[] messages, Type messageType, List<QStashReceipt> receipts,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<QStashBatchResult> results;
        try
        {
            results = await client.BatchAsync(messages, cancellationToken).ConfigureAwait(false);
        }
        catch (QStashException exception) when (exception is QStashNotFoundException or QStashBadRequestException)
        {
            // QStash refused the whole batch because of one of its messages.
            return messages;
        }

        var refused = new List<QStashMessage>();
        foreach (var (message, result) in messages.Zip(results))
        {
            delays.ThrowIfRefused(message, messageType, result.Error, null);

            if (result.Error is { } error && !MissingUrlGroups.IsSaid(message.Destination, error))
            {
                // Only a message that was not sent at all, or that QStash would recognise as a copy, may be sent again.
                refused.Add(result.Receipts.Count == 0 || message.DeduplicationId is not null
                    ? message
                    : throw new QStashException($"QStash refused to publish to some endpoints of {message.Destination}: {error}",
                    error: error));
            }

            receipts.AddRange(Complete(result.Receipts, message));
        }

        return [.. refused];
    }

    // QStash tells the URL of each copy for a URL group, but not always for a URL.
    static IReadOnlyList<QStashReceipt> Complete(IReadOnlyList<QStashReceipt> receipts, QStashMessage message) =>
        LegalName.Is(message.Destination)
            ? receipts
            : [.. receipts.Select(receipt => receipt.Url is null ? receipt with { Url = message.Destination } : receipt)];
}

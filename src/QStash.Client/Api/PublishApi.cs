using System.Runtime.CompilerServices;

namespace QStash.Client;

sealed class PublishApi(QStashHttp http) : IPublisher
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<PublishAnswer> PublishAsync(PreparedMessage message, CancellationToken cancellationToken)
    {
        var prefix = message.Queue is null ? "/v2/publish" : "/v2/enqueue/" + message.Queue;
        var request = new QStashRequest(HttpMethod.Post, $"{prefix}/{message.Destination}")
        {
            Resource = prefix,
            IsRepeatable = message.IsDeduplicated,
            Headers = message.Headers,
            Content = MessageBody.Of(message.Body, message.ContentType, nameof(message))
        };

        return Checked(message, await http.SendAsync(request, QStashJson.Default.PublishAnswer, cancellationToken).ConfigureAwait(false));
    }

    public async Task<IReadOnlyList<PublishAnswer>> BatchAsync(IReadOnlyList<PreparedMessage> messages, CancellationToken cancellationToken)
    {
        var request = new QStashRequest(HttpMethod.Post, "/v2/batch")
        {
            Content = new BatchContent(messages),
            IsRepeatable = messages.All(message => message.IsDeduplicated)
        };

        var answer = await http.SendAsync(request, QStashJson.Default.BatchAnswer, cancellationToken).ConfigureAwait(false);
        return answer.Items.Count == messages.Count
            ? [.. messages.Zip(answer.Items, Checked)]
            : throw new QStashException(
                $"QStash answered {answer.Items.Count} results for a batch of {messages.Count} messages, so they cannot be matched.");
    }

    // An accepted message has an id. A URL group without endpoints gives no receipt, which is not an error.
    static PublishAnswer Checked(PreparedMessage message, PublishAnswer answer) =>
        answer.Error is null
        && (answer.Receipts.Any(receipt => string.IsNullOrEmpty(receipt.MessageId)) || (answer.Receipts.Count == 0 && message.IsToUrl))
            ? new PublishAnswer([], FailedResponse.NoReceipt)
            : answer;
}

using System.Net;
using Polly;
using Polly.Retry;
using QStash.Client;

namespace MassTransit.QStashTransport.Scheduling;

/// <summary>
/// Cancels by a label that one message and its copies have, and nothing else ever will. So a cancel may be repeated until an
/// answer comes, which the client does not do: for all it knows, a label may be in use.
/// </summary>
sealed class UniqueLabels(IQStashMessages messages, TimeProvider time)
{
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    // Not before the first cancel: to make it takes a noticeable part of a service's start.
    ResiliencePipeline Pipeline => field ??= new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = 4,
            Delay = TimeSpan.FromMilliseconds(200),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception switch
            {
                QStashRateLimitException limit => UntilReset(limit, time) is not { } wait || wait <= LongestWait,
                QStashUnreachableException or QStashException { StatusCode: >= HttpStatusCode.InternalServerError } => true,
                _ => false,
            }),
            DelayGenerator = arguments => ValueTask.FromResult(arguments.Outcome.Exception is QStashRateLimitException limit ? UntilReset(limit, time) : null),
        })
        .Build();

    /// <returns>The number of cancelled messages: none is no error, it was delivered already.</returns>
    public ValueTask<int> CancelAsync(string label, CancellationToken cancellationToken)
    {
        var filter = new QStashMessageFilter { Labels = [label] };

        return Pipeline.ExecuteAsync(async token => await messages.CancelAsync(filter, token).ConfigureAwait(false), cancellationToken);
    }

    static TimeSpan? UntilReset(QStashRateLimitException limit, TimeProvider time) =>
        limit.ResetAt - time.GetUtcNow() is { } wait && wait > TimeSpan.Zero ? wait : null;
}

using System.Runtime.CompilerServices;
using Polly;
using Polly.Timeout;

namespace QStash.Client;

// Sends a request within its time limit, and repeats it if that is safe. Nearly every call succeeds at once, so the pipeline for repeats is
// created only when a call fails; it then continues with the result of that first attempt. A resilience handler alone would be less code,
// but with it the first call of a process compiled with ReadyToRun takes 75 ms more of processor time.
sealed class RetryHandler(Func<ResiliencePipeline<HttpResponseMessage>> createPipeline, TimeProvider time, OutageLog outages)
    : DelegatingHandler
{
    readonly Lazy<ResiliencePipeline<HttpResponseMessage>> _pipeline = new(createPipeline);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // The request is not from QStashHttp: the application uses the named client itself.
        if (RequestPolicy.Find(request) is not { } policy)
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);

        ValueTask<HttpResponseMessage> first;

        try
        {
            var response = await AttemptAsync(request, policy, cancellationToken).ConfigureAwait(false);
            if (!QStashResilience.ShouldRetry(policy, 0, response, null, time))
                return response;

            first = new(response);
        }
        catch (Exception exception) when (QStashResilience.ShouldRetry(policy, 0, null, exception, time))
        {
            first = ValueTask.FromException<HttpResponseMessage>(exception);
        }

        return await RepeatAsync(request, policy, first, cancellationToken).ConfigureAwait(false);
    }

    async Task<HttpResponseMessage> RepeatAsync(HttpRequestMessage request, RequestPolicy policy, ValueTask<HttpResponseMessage> first,
        CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.SetRequestMessage(request);
        var attempts = 0;

        try
        {
            return await _pipeline.Value
                .ExecuteAsync(
                    attempt => attempts++ == 0 ? first : AttemptAsync(request, policy, attempt.CancellationToken),
                    context)
                .ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    // Reads the body of the answer too, so that the time limit covers it, and a connection that breaks halfway is retried like one that
    // breaks earlier.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    async ValueTask<HttpResponseMessage> AttemptAsync(HttpRequestMessage request, RequestPolicy policy, CancellationToken cancellationToken)
    {
        using var attempt = new CancellationTokenSource(policy.AttemptTimeout, time);
        using var registration = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), attempt);
        HttpResponseMessage? response = null;

        try
        {
            response = await base.SendAsync(request, attempt.Token).ConfigureAwait(false);
            await response.Content.LoadIntoBufferAsync(attempt.Token).ConfigureAwait(false);
            outages.Answered(request.RequestUri!);

            return response;
        }
        catch (Exception exception)
        {
            response?.Dispose();

            if (exception is OperationCanceledException && attempt.IsCancellationRequested)
            {
                cancellationToken.ThrowIfCancellationRequested();

                var timeout = new TimeoutRejectedException(
                    $"The attempt took longer than {policy.AttemptTimeout}.", policy.AttemptTimeout, exception);
                outages.Failed(request.RequestUri!, timeout);
                throw timeout;
            }

            if (exception is HttpRequestException)
                outages.Failed(request.RequestUri!, exception);

            throw;
        }
    }
}

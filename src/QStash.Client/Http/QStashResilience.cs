using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace QStash.Client;

// Retries around a time limit per attempt. What applies to a request travels with it (RequestPolicy).
static class QStashResilience
{
    static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    // Clients that were held up together must not come back in the same instant.
    const int LongestScatterInMilliseconds = 250;

    public static void Configure(ResiliencePipelineBuilder<HttpResponseMessage> builder, ResilienceHandlerContext context)
    {
        var time = context.ServiceProvider.GetService<TimeProvider>() ?? TimeProvider.System;
        builder.TimeProvider = time;

        builder
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                // The request's own limit decides, in ShouldRetry.
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstDelay,
                MaxDelay = LongestDelay,
                ShouldHandle = arguments => ValueTask.FromResult(ShouldRetry(arguments, time)),
                DelayGenerator = arguments => ValueTask.FromResult(UntilReset(arguments.Outcome.Result, time) + Scatter())
            })
            .AddTimeout(new TimeoutStrategyOptions
            {
                TimeoutGenerator = arguments => ValueTask.FromResult(
                    RequestPolicy.Find(arguments.Context.GetRequestMessage())?.AttemptTimeout ?? Timeout.InfiniteTimeSpan)
            });
    }

    static bool ShouldRetry(RetryPredicateArguments<HttpResponseMessage> arguments, TimeProvider time)
    {
        if (RequestPolicy.Find(arguments.Context.GetRequestMessage()) is not { } policy || arguments.AttemptNumber >= policy.MaxRetries)
            return false;

        // QStash says that it did nothing, and when it will: any call may wait for that (S3).
        if (UntilReset(arguments.Outcome.Result, time) is { } wait)
            return wait <= policy.MaxRateLimitWait;

        if (!policy.IsRepeatable)
            return false;

        return arguments.Outcome.Exception is HttpRequestException or TimeoutRejectedException
            || arguments.Outcome.Result?.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;
    }

    // Null leaves it to the exponential wait.
    static TimeSpan? UntilReset(HttpResponseMessage? response, TimeProvider time)
    {
        if (response?.StatusCode != HttpStatusCode.TooManyRequests)
            return null;

        var now = time.GetUtcNow();
        return RateLimit.Read(response.Headers, now).ResetAt is { } reset && reset > now
            ? reset - now
            : null;
    }

    static TimeSpan Scatter() => TimeSpan.FromMilliseconds(Random.Shared.Next(LongestScatterInMilliseconds));
}

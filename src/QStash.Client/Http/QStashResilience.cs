using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;
using Polly.Telemetry;
using Polly.Timeout;

namespace QStash.Client;

// Decides which requests are repeated, and when. The limits of a request travel with it (RequestPolicy).
static class QStashResilience
{
    const string PipelineName = "QStash";

    static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    // Clients that waited for the same reset must not come back in the same instant.
    const int LongestScatterInMilliseconds = 250;

    // Not registered in the container: that would load Polly at each start, and few processes ever repeat a call.
    public static ResiliencePipeline<HttpResponseMessage> CreatePipeline(IServiceProvider services)
    {
        var time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { Name = PipelineName, TimeProvider = time };

        // Without this Polly would log each repeat with its exception. Its metrics stay.
        var telemetry = services.GetRequiredService<IOptions<TelemetryOptions>>().Value;
        builder.ConfigureTelemetry(new TelemetryOptions(telemetry) { LoggerFactory = NullLoggerFactory.Instance });

        builder.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            // The limit of the request applies instead, in ShouldRetry.
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = FirstDelay,
            MaxDelay = LongestDelay,
            // RetryHandler has already decided that the first attempt needs a repeat. A second check could decide otherwise, because a rate
            // limit may have ended in the meantime.
            ShouldHandle = arguments => ValueTask.FromResult(arguments.AttemptNumber == 0
                || (RequestPolicy.Find(arguments.Context.GetRequestMessage()) is { } policy
                    && ShouldRetry(policy, arguments.AttemptNumber, arguments.Outcome.Result, arguments.Outcome.Exception, time))),
            DelayGenerator = arguments => ValueTask.FromResult(UntilReset(arguments.Outcome.Result, time) + Scatter())
        });

        return builder.Build();
    }

    public static bool ShouldRetry(RequestPolicy policy, int attempt, HttpResponseMessage? response, Exception? exception,
        TimeProvider time)
    {
        if (attempt >= policy.MaxRetries)
            return false;

        // QStash did not carry out the call and says when it will accept calls again, so any call may wait for that.
        if (UntilReset(response, time) is { } wait)
            return wait <= policy.MaxRateLimitWait;

        if (!policy.IsRepeatable)
            return false;

        return exception is HttpRequestException or TimeoutRejectedException
            || response?.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;
    }

    // Null means the exponential wait.
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

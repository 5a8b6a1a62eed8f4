using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using QStash.Emulator.Errors;
using QStash.Emulator.Faults;
using QStash.Emulator.Http;

namespace QStash.Emulator.Control;

/// <summary>Applies the fault rules to calls of the API.</summary>
sealed class ApiFaults(RequestDelegate next, FaultRules rules, TimeProvider time)
{
    const int BurstLimit = 100;
    const int DailyLimit = 1000;

    public Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments("/v2", StringComparison.OrdinalIgnoreCase))
            return next(context);

        var fault = rules.Hit(context.Request.Method, context.RawTarget().PathAfter("")!);
        var now = time.GetUtcNow();
        return fault?.Rule.Action switch
        {
            FaultAction.BurstLimit =>
                throw LimitExceeded(context, "Burst-RateLimit", "burst rate limit exceeded", BurstLimit, now.AddSeconds(1)),
            FaultAction.DailyLimit =>
                throw LimitExceeded(context, "RateLimit", "daily rate limit exceeded", DailyLimit, Tomorrow(now)),
            FaultAction.ServerError =>
                throw new ApiException(StatusCodes.Status500InternalServerError, "a fault rule asked for this error"),
            FaultAction.DropApiAnswer => DropAnswerAsync(context),
            _ => next(context),
        };
    }

    static DateTimeOffset Tomorrow(DateTimeOffset now) => new(now.UtcDateTime.Date.AddDays(1));

    /// <summary>The headers of a 429, by which alone clients tell its kinds apart.</summary>
    static ApiException LimitExceeded(HttpContext context, string prefix, string error, int limit, DateTimeOffset reset)
    {
        var headers = context.Response.Headers;
        headers[prefix + "-Limit"] = limit.ToString(CultureInfo.InvariantCulture);
        headers[prefix + "-Remaining"] = "0";
        headers[prefix + "-Reset"] = reset.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return new ApiException(StatusCodes.Status429TooManyRequests, error);
    }

    async Task DropAnswerAsync(HttpContext context)
    {
        // The answer must not leave before the connection breaks.
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
        await next(context);
        context.Abort();
    }
}

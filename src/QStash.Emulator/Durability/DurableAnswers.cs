using QStash.Emulator.Http;

namespace QStash.Emulator.Durability;

/// <summary>Keeps the answers to calls that may have changed something until that is durable.</summary>
sealed class DurableAnswers(RequestDelegate next, Journal journal)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (HttpMethods.IsGet(context.Request.Method))
            return next(context);

        if (journal.Failure is { } failure)
            throw new ApiException(StatusCodes.Status500InternalServerError, failure.Message);

        context.Response.OnStarting(static journal => ((Journal)journal).FlushAsync(), journal);
        return next(context);
    }
}

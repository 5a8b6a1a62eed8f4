using QStash.Emulator.Http;

namespace QStash.Emulator.Durability;

/// <summary>Keeps the answers to calls that may have changed something until that is durable.</summary>
sealed class DurableAnswers(RequestDelegate next, Journal journal)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await next(context);
            return;
        }

        if (journal.Failure is { } failure)
            throw Failed(failure);

        // Answers with a body wait for it before they begin.
        context.Features.Set(this);
        try
        {
            await next(context);
        }
        catch (ApiException)
        {
            // What came before the mistake may have happened.
            await FlushAsync();
            throw;
        }

        await FlushAsync();
    }

    /// <summary>Completes when everything that happened so far is durable.</summary>
    /// <exception cref="ApiException">500: it cannot be made durable, and why.</exception>
    public async Task FlushAsync()
    {
        try
        {
            await journal.FlushAsync();
        }
        catch (IOException exception)
        {
            throw Failed(exception);
        }
    }

    static ApiException Failed(IOException failure) => new(StatusCodes.Status500InternalServerError, failure.Message);
}

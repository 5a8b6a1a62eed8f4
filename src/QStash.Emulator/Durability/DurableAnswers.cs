using QStash.Emulator.Errors;

namespace QStash.Emulator.Durability;

/// <summary>Holds an answer back until what the call changed is in the data file.</summary>
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

        context.Features.Set(this);
        try
        {
            await next(context);
        }
        catch (ApiException)
        {
            // The call may have changed something before it failed.
            await FlushAsync();
            throw;
        }

        // An answer with a body has waited already.
        if (context.Features.Get<DurableAnswers>() is not null)
            await FlushAsync();
    }

    /// <summary>Completes when everything that happened so far is in the data file.</summary>
    /// <exception cref="ApiException">500 with the reason why the data file cannot be written.</exception>
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

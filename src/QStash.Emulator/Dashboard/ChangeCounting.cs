namespace QStash.Emulator.Dashboard;

/// <summary>Counts requests that may have changed something, after they are answered.</summary>
sealed class ChangeCounting(RequestDelegate next, ChangeCounter changes)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        finally
        {
            if (!HttpMethods.IsGet(context.Request.Method))
                changes.Increment();
        }
    }
}

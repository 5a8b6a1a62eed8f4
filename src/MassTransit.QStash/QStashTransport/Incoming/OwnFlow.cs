namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// Lets work begin as on a connection to a broker, where no caller is: it sees none of what flows along with the request or the call
/// that brought it about, such as its HttpContext, activity, culture, principal, log scopes and the async locals of middleware.
/// </summary>
static class OwnFlow
{
    static readonly ExecutionContext Empty = CaptureEmpty();

    /// <summary>Starts the work on this thread.</summary>
    public static Task<T> Run<T>(Func<Task<T>> work)
    {
        Task<T>? task = null;
        ExecutionContext.Run(Empty, _ => task = work(), null);

        return task!;
    }

    static ExecutionContext CaptureEmpty()
    {
        ExecutionContext? empty = null;
        var thread = new Thread(() => empty = ExecutionContext.Capture());

        // Unsafe means that nothing flows to it.
        thread.UnsafeStart();
        thread.Join();

        return empty!;
    }
}

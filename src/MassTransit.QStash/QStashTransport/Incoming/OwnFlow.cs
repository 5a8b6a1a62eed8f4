namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// Starts work without the execution context of its caller, as a message from a broker would start. The work does not see the HttpContext,
/// activity, culture, principal, log scopes or the async locals of the request's middleware.
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

        // Unsafe means that the execution context does not flow to the thread.
        thread.UnsafeStart();
        thread.Join();

        return empty!;
    }
}

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// The execution context of work that has none of its caller's, as a message from a broker would have. The work does not see the
/// HttpContext, activity, culture, principal, log scopes or the async locals of the request's middleware.
/// </summary>
static class OwnFlow
{
    static readonly ExecutionContext Empty = CaptureEmpty();

    /// <summary>
    /// Makes an execution context with nothing but what is set here. An async method enters it with
    /// <see cref="ExecutionContext.Restore"/>, and its caller has its own again when the method returns.
    /// </summary>
    /// <param name="set">Sets the async locals that the work is to see.</param>
    public static ExecutionContext With(Action set)
    {
        ExecutionContext? flow = null;
        ExecutionContext.Run(Empty, _ =>
        {
            set();
            flow = ExecutionContext.Capture();
        }, null);

        return flow!;
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

namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// Keeps MassTransit's ambient log context, which whoever builds a bus sets and leaves behind in the flow of its caller, within the build.
/// </summary>
static class AmbientLogContext
{
    /// <summary>Builds something as if no bus had been built before, and leaves no trace of it with the caller.</summary>
    public static T Without<T>(Func<T> build)
    {
        var ambient = LogContext.Current;
        LogContext.Current = null;

        try
        {
            return build();
        }
        finally
        {
            LogContext.Current = ambient;
        }
    }
}

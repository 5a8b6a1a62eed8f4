namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// Building a bus sets MassTransit's ambient log context and leaves it set for the caller. This keeps it inside the build.
/// </summary>
static class AmbientLogContext
{
    /// <summary>Builds something without the ambient log context, and restores the caller's context afterwards.</summary>
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

namespace OpenTelemetry.Trace;

/// <summary>Adds the traces of MassTransit.QStash.</summary>
public static class QStashTracerProviderBuilderExtensions
{
    /// <summary>
    /// Adds the sources <c>MassTransit</c>, for sends, receives and consumers on all buses of the process, and <c>QStash.Emulator</c>, for
    /// the time a message spends in an emulator that runs in the process.
    /// </summary>
    /// <remarks>
    /// With the instrumentation of ASP.NET Core the request that brings a message is a part of the same trace.
    /// </remarks>
    /// <param name="builder">The traces.</param>
    public static TracerProviderBuilder AddQStashInstrumentation(this TracerProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);

        return builder.AddSource("MassTransit", "QStash.Emulator");
    }
}

namespace OpenTelemetry.Metrics;

/// <summary>Adds the metrics of MassTransit.QStash.</summary>
public static class QStashMeterProviderBuilderExtensions
{
    /// <summary>
    /// Adds the meters <c>MassTransit</c>, for sends, receives and consumers on all buses of the process, and <c>MassTransit.QStash</c>,
    /// for the deliveries of QStash by outcome, including deliveries that never reach a consumer.
    /// </summary>
    /// <param name="builder">The metrics.</param>
    public static MeterProviderBuilder AddQStashInstrumentation(this MeterProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);

        return builder.AddMeter("MassTransit", "MassTransit.QStash");
    }
}

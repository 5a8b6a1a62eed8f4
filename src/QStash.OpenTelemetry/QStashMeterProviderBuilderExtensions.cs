namespace OpenTelemetry.Metrics;

/// <summary>Adds the metrics of MassTransit.QStash.</summary>
public static class QStashMeterProviderBuilderExtensions
{
    /// <summary>
    /// Adds the meters <c>MassTransit</c>, for what is sent, received and consumed on all buses of the process, and
    /// <c>MassTransit.QStash</c>, for the deliveries of QStash by outcome, those included that never reach a consumer.
    /// </summary>
    /// <param name="builder">The metrics.</param>
    public static MeterProviderBuilder AddQStashInstrumentation(this MeterProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);

        return builder.AddMeter("MassTransit", "MassTransit.QStash");
    }
}

using MassTransit.QStashTransport.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MassTransit;

/// <summary>
/// Adds a health check of QStash itself.
/// </summary>
public static class QStashHealthChecksBuilderExtensions
{
    /// <summary>
    /// Checks for every bus on QStash that the API answers, that it accepts the token, and that the signing keys are those of the token's
    /// account: with other keys all deliveries are refused. It calls the API each time it runs; MassTransit itself adds a check of the bus.
    /// The result is <see cref="HealthStatus.Degraded"/> while something is missing at QStash that a bus needs, such as a declared
    /// schedule, a member of a URL group or a pinned flow control key. The description says what is missing and why.
    /// </summary>
    /// <param name="builder">What <c>services.AddHealthChecks()</c> returns.</param>
    /// <param name="name">Name of the check. Default: <c>qstash</c>.</param>
    /// <param name="failureStatus">
    /// The status to report when a check fails. Default: <see cref="HealthStatus.Unhealthy"/>. Use <see cref="HealthStatus.Degraded"/> if
    /// an orchestrator restarts unhealthy services: the service consumes messages even while the API does not answer.
    /// </param>
    /// <param name="tags">Tags to filter by. Default: none.</param>
    /// <param name="timeout">How long to wait for the answer. Default: no limit beyond that of the client.</param>
    public static IHealthChecksBuilder AddQStash(this IHealthChecksBuilder builder, string name = "qstash",
        HealthStatus? failureStatus = null, IEnumerable<string>? tags = null, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);

        return builder.Add(
            new HealthCheckRegistration(name, services => ActivatorUtilities.CreateInstance<QStashHealthCheck>(services), failureStatus,
                tags, timeout));
    }
}

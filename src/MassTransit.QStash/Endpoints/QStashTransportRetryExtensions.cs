using MassTransit.Configuration;
using MassTransit.Middleware;
using MassTransit.QStashTransport.Incoming;
using QStash.Client;

namespace MassTransit;

/// <summary>
/// Leaves retries to QStash.
/// </summary>
public static class QStashTransportRetryExtensions
{
    /// <summary>
    /// Lets QStash deliver a message again when its consumer fails: as often, and after such waits, as its sender says
    /// (<see cref="QStashDeliverySettings.Retries"/> and <see cref="QStashDeliverySettings.RetryDelay"/>). No process waits meanwhile,
    /// so the waits may be long. <c>Fault&lt;T&gt;</c> is published, and a requester answered with it, once: when the last attempt
    /// fails, which also puts the message into the dead letter queue. <c>UseMessageRetry</c> may be used beside it, and comes first in
    /// each attempt.
    /// </summary>
    /// <remarks>
    /// The number of attempts is in <see cref="QStashMessageContext"/>. A body that cannot be read is not retried. After each failed
    /// attempt QStash is asked whether it was the last one, for 5 seconds at most; without an answer the sender's number counts.
    /// </remarks>
    /// <param name="configurator">The configurator of the receive endpoint.</param>
    /// <param name="configure">
    /// Which exceptions to retry, with <c>Handle</c> and <c>Ignore</c>; the others fail the message at once. Default: all.
    /// </param>
    public static void UseTransportRetry(this IReceiveEndpointConfigurator configurator, Action<IExceptionConfigurator>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(configurator);

        var retry = new TransportRetry();
        configure?.Invoke(retry);

        configurator.AddPrePipeSpecification(new FilterPipeSpecification<ConsumeContext>(new TransportRetryFilter(retry)));
        configurator.ConfigureError(error =>
        {
            error.UseFilter(new TransportRetryErrorFilter(retry));
            error.UseFilter(new GenerateFaultFilter());
            error.UseFilter(new ErrorTransportFilter());
        });
    }
}

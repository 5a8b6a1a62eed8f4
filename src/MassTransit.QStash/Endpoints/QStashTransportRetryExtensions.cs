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
    /// Lets QStash deliver a message again when its consumer fails. The sender sets how often and after which delays
    /// (<see cref="QStashDeliverySettings.Retries"/> and <see cref="QStashDeliverySettings.RetryDelay"/>). No process waits during a delay,
    /// so the delays may be long. When the last attempt fails, <c>Fault&lt;T&gt;</c> is published once (or sent to the requester), and the
    /// message goes to the dead letter queue. <c>UseMessageRetry</c> may be used as well; it runs first in each attempt.
    /// </summary>
    /// <remarks>
    /// The number of attempts is in <see cref="QStashMessageContext"/>. A body that cannot be read is not retried. After each failed
    /// attempt the transport asks QStash, for 5 seconds at most, whether it was the last one. Without an answer the number that the sender
    /// set counts.
    /// </remarks>
    /// <param name="configurator">The configurator of the receive endpoint.</param>
    /// <param name="configure">
    /// Chooses the exceptions to retry, with <c>Handle</c> and <c>Ignore</c>; other exceptions fail the message at once. Default: all.
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

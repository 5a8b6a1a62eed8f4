using System.Diagnostics.Metrics;
using MassTransit.QStashTransport.Incoming;
using MassTransit.Transports;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// Handles deliveries to all buses of the application on QStash.
/// </summary>
sealed class QStashDeliveryHandler(IServiceProvider services, IMeterFactory meters, ILogger<QStashRequestHandler> logger)
    : IQStashDeliveryHandler
{
    // Created on first use, because the buses may resolve this handler while they are built.
    readonly Lazy<QStashRequestHandler> _handler = new(() =>
    {
        var hosts = AmbientLogContext.Without(() => services.GetServices<IBusInstance>()
            .Select(bus => bus.HostConfiguration).OfType<QStashHostConfiguration>().ToArray());

        if (hosts.Length == 0)
            throw new InvalidOperationException("IQStashDeliveryHandler needs a bus on QStash: call AddMassTransit(x => "
                + "x.UsingQStash(...)).");

        QStashHostConfiguration.CheckNames(hosts, "and a delivery comes with nothing but the name", "Rename one.");

        return new QStashRequestHandler([.. hosts.Select(host => host.Services.Incoming)], new AnswerMetrics(meters), logger);
    });

    public Task Handle(HttpContext context, string endpointName)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(endpointName);

        return _handler.Value.Handle(context, endpointName);
    }
}

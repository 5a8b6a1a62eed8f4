using System.Diagnostics.Metrics;
using MassTransit.QStashTransport.Hosting;
using MassTransit.QStashTransport.Incoming;
using MassTransit.Transports;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MassTransit;

/// <summary>
/// Maps the routes through which QStash delivers messages.
/// </summary>
public static partial class QStashEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps <c>POST /{path prefix}/{receive endpoint}</c> for every bus set up with <c>UsingQStash</c>. For each request, the signature
    /// over the raw body is verified before anything else reads it. Then the message is consumed, and then the request is answered: 200
    /// once the message is handled, 489 to send it to QStash's dead letter queue, and otherwise a status that makes QStash try again.
    /// </summary>
    /// <remarks>
    /// Calling it twice is the same as calling it once. If all buses are on other transports, as under a test harness, nothing is mapped
    /// and a warning is logged.
    /// </remarks>
    /// <returns>
    /// The routes, to add conventions to. They allow anonymous access, since the signature is the authentication, and have no request
    /// timeout, since QStash's own ends an attempt.
    /// </returns>
    /// <exception cref="InvalidOperationException">There is no bus at all.</exception>
    /// <exception cref="ConfigurationException">The configuration of a bus is not valid.</exception>
    public static IEndpointConventionBuilder MapQStash(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);

        var services = endpoints.ServiceProvider;
        var routes = services.GetService<QStashRoutes>() ?? new QStashRoutes();

        if (routes.TryGet(endpoints, out var mapped))
            return mapped;

        // Resolving the buses builds them.
        var buses = AmbientLogContext.Without(() => services.GetServices<IBusInstance>().ToArray());

        if (buses.Length == 0)
            throw new InvalidOperationException("MapQStash needs a bus on QStash: call AddMassTransit(x => x.UsingQStash(...)) first.");

        var hosts = buses.Select(bus => bus.HostConfiguration).OfType<QStashHostConfiguration>().ToArray();
        var group = hosts.Length > 0 ? MapRoutes(endpoints, hosts) : MapNothing(endpoints, buses, routes);

        routes.Add(endpoints, group);

        return group;
    }

    static RouteGroupBuilder MapRoutes(IEndpointRouteBuilder endpoints, QStashHostConfiguration[] hosts)
    {
        var metrics = new AnswerMetrics(endpoints.ServiceProvider.GetRequiredService<IMeterFactory>());
        var logger = endpoints.ServiceProvider.GetRequiredService<ILogger<QStashRequestHandler>>();

        // The application's authorization and request timeouts do not apply to QStash: a consumer may take as long as QStash waits. An
        // answer from a cache would acknowledge a message that no consumer saw.
        var group = endpoints.MapGroup("")
            .WithMetadata(new AllowAnonymousAttribute(), new DisableRequestTimeoutAttribute(), new RoutePolicy.RouteMark())
            .DisableAntiforgery()
            .CacheOutput(policy => policy.NoCache())
            .ExcludeFromDescription();
        var filter = endpoints.ServiceProvider.GetRequiredService<DeliveryFilter>();

        // Buses may share a prefix: the name of the receive endpoint tells them apart.
        foreach (var samePrefix in hosts.GroupBy(host => host.Settings.Addresses.PathPrefix, StringComparer.OrdinalIgnoreCase))
        {
            QStashHostConfiguration.CheckNames([.. samePrefix], $"under the same path '{samePrefix.Key}'",
                "Rename one, or give one of the buses another PathPrefix.");

            var handler = new QStashRequestHandler([.. samePrefix.Select(host => host.Services.Incoming)], metrics, logger);

            var pattern = $"{samePrefix.Key}/{{{QStashRequestHandler.EndpointRouteValue}}}";
            filter.Add(samePrefix.Key, handler.FindAddress);

            // A message may be sent with another method, and a fallback of the application would answer it with a page and 200. So all
            // methods are mapped. Without a prefix only POST is, because a page of the application may have the same path.
            (samePrefix.Key.Length > 0 ? group.Map(pattern, handler.HandleRoute) : group.MapPost(pattern, handler.HandleRoute))
                .WithDisplayName($"QStash {samePrefix.Key}");
        }

        foreach (var host in hosts)
            host.IsMapped = true;

        return group;
    }

    // This happens in a test of the application, where a harness brings its own transport.
    static RouteGroupBuilder MapNothing(IEndpointRouteBuilder endpoints, IBusInstance[] buses, QStashRoutes routes)
    {
        if (routes.SaysThatNoBusUsesQStash())
            NoBusUsesQStash(endpoints.ServiceProvider.GetRequiredService<ILogger<QStashRequestHandler>>(),
                string.Join(", ", buses.Select(bus => bus.HostConfiguration.HostAddress)));

        return endpoints.MapGroup("");
    }

    [LoggerMessage(7, LogLevel.Warning, "MapQStash maps nothing, because no bus uses QStash: {Addresses}. That is right under a test "
        + "harness; otherwise call x.UsingQStash(...)")]
    static partial void NoBusUsesQStash(ILogger logger, string addresses);
}

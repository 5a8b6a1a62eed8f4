using MassTransit.QStashTransport.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MassTransit;

/// <summary>
/// Registers the handler that takes deliveries without <c>MapQStash</c>.
/// </summary>
public static class QStashDeliveryHandlerExtensions
{
    /// <summary>
    /// Registers <see cref="IQStashDeliveryHandler"/>, for an application that takes requests without routes of ASP.NET Core. It serves
    /// every bus set up with <c>UsingQStash</c>. Base address and path prefix together have to be the address of the requests. An example
    /// for Azure Functions: <c>https://my-app.azurewebsites.net/api</c> and <c>qstash</c>, for a trigger with the route
    /// <c>qstash/{endpoint}</c>.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    public static IServiceCollection AddQStashDeliveryHandler(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);

        services.AddMetrics();
        services.TryAddSingleton<IQStashDeliveryHandler, QStashDeliveryHandler>();

        return services;
    }
}

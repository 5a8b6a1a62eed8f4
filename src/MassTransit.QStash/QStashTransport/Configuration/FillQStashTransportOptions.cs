using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using QStash.Client;

namespace MassTransit.QStashTransport.Configuration;

/// <summary>
/// Completes the options from the configuration section <c>QStash</c>, and what it leaves out from the official variables.
/// After all code had its say, so that code wins whatever the order of registration.
/// </summary>
sealed class FillQStashTransportOptions(IServiceProvider services) : IPostConfigureOptions<QStashTransportOptions>
{
    public void PostConfigure(string? name, QStashTransportOptions options)
    {
        var configuration = services.GetService<IConfiguration>();

        var section = new QStashTransportOptions();
        configuration?.GetSection(QStashSettings.SectionName).Bind(section);
        options.BaseAddress ??= section.BaseAddress;
        options.InstanceBaseAddress ??= section.InstanceBaseAddress;
        options.HasReplicas ??= section.HasReplicas;
        options.PathPrefix ??= section.PathPrefix;
        options.MaxBodySize ??= section.MaxBodySize;
        options.MaxDelay ??= section.MaxDelay;
        options.UseReplayGuard ??= section.UseReplayGuard;
        options.ServiceName ??= section.ServiceName;
        options.DeployTopology ??= section.DeployTopology;
        options.Directory ??= section.Directory;
        options.Delivery ??= section.Delivery;
        options.ClockTolerance ??= section.ClockTolerance;
        options.MaxRateLimitWait ??= section.MaxRateLimitWait;
        options.CoalesceSends ??= section.CoalesceSends;

        foreach (var (endpointName, address) in section.Routes)
            options.Routes.TryAdd(endpointName, address);

        var settings = QStashSettings.Resolve(configuration);
        options.Url ??= settings.Url;
        options.Token ??= settings.Token;
        options.CurrentSigningKey ??= settings.CurrentSigningKey;
        options.NextSigningKey ??= settings.NextSigningKey;

        foreach (var (region, keys) in settings.RegionSigningKeys)
            options.RegionSigningKeys.TryAdd(region, keys);
    }
}

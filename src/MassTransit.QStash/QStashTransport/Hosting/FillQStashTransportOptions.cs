using System.Reflection;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using QStash.Client;

namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// Completes the options from the configuration section <c>QStash</c>, and then from the official variables. It runs after all code that
/// sets options, so code wins in any order of registration.
/// </summary>
sealed class FillQStashTransportOptions(IServiceProvider services) : IPostConfigureOptions<QStashTransportOptions>
{
    static readonly PropertyInfo[] Settings = [.. typeof(QStashTransportOptions).GetProperties().Where(property => property.CanWrite)];

    public void PostConfigure(string? name, QStashTransportOptions options)
    {
        var configuration = services.GetService<IConfiguration>();

        // QStashSettings reads the official variables and ignores blank values, so it comes before the section as a whole.
        var settings = QStashSettings.Resolve(configuration);
        options.Url ??= settings.Url;
        options.Token ??= settings.Token;
        options.CurrentSigningKey ??= settings.CurrentSigningKey;
        options.NextSigningKey ??= settings.NextSigningKey;

        var section = new QStashTransportOptions();
        configuration?.GetSection(QStashSettings.SectionName).Bind(section);
        RefuseEmulatorInProduction(section, options);
        options.UnknownDeliverySettings =
            FindUnknown(configuration?.GetSection($"{QStashSettings.SectionName}:{nameof(options.Delivery)}"));

        foreach (var setting in Settings)
        {
            if (setting.GetValue(section) is { } value && setting.GetValue(options) is null)
                setting.SetValue(options, value);
        }

        foreach (var (endpointName, address) in section.Routes)
            options.Routes.TryAdd(endpointName, address);

        KeyValuePair<string, QStashSigningKeys>[] regions =
            [.. options.RegionSigningKeys, .. section.RegionSigningKeys, .. settings.RegionSigningKeys];
        options.RegionSigningKeys.Clear();
        foreach (var (region, keys) in regions)
            options.RegionSigningKeys.TryAdd(region.ToUpperInvariant().Replace('-', '_'), keys);

        if (configuration is not null && services.GetService<IServiceProviderIsService>()?.IsService(typeof(IServer)) == true)
            options.FindDevelopmentAddress = () => DevelopmentAddress.Find(configuration);

        if (options.UseEmulator == true)
            DevelopmentCredentials.Set(options, isUrlChosen: false);
    }

    // The binder ignores misspelt settings and settings that only a single message has.
    static string[] FindUnknown(IConfiguration? delivery) =>
    [
        .. (delivery?.GetChildren() ?? []).Select(setting => setting.Key)
            .Except(typeof(QStashDeliverySettings).GetProperties().Select(property => property.Name), StringComparer.OrdinalIgnoreCase),
    ];

    void RefuseEmulatorInProduction(QStashTransportOptions section, QStashTransportOptions options)
    {
        if (section.UseEmulator == true && services.GetService<IHostEnvironment>()?.IsDevelopment() != true)
            (section.UseEmulator, options.EmulatorIsRefused) = (null, true);
    }
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using QStash.Client;

namespace MassTransit.QStashTransport.Configuration;

/// <summary>
/// Fills the options from the configuration section <c>QStash</c>, and what it leaves out from the official variables.
/// </summary>
sealed class ConfigureQStashTransportOptions(IServiceProvider services) : IConfigureNamedOptions<QStashTransportOptions>
{
    public void Configure(QStashTransportOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, QStashTransportOptions options)
    {
        var configuration = services.GetService<IConfiguration>();
        configuration?.GetSection(QStashSettings.SectionName).Bind(options);

        var settings = QStashSettings.Resolve(configuration);
        options.Url = settings.Url;
        options.Token = settings.Token;
        options.CurrentSigningKey = settings.CurrentSigningKey;
        options.NextSigningKey = settings.NextSigningKey;
    }
}

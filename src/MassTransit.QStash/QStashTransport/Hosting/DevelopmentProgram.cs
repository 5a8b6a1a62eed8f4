using MassTransit.QStashTransport.Wire;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// Identifies the program on a developer's machine, so that it is recognised after its port has changed.
/// </summary>
/// <param name="Folder">The folder and the name of the program.</param>
/// <param name="Listened">The addresses that its server is going to listen on, if they are known before it starts.</param>
sealed record DevelopmentProgram(string Folder, IReadOnlyCollection<BindingAddress> Listened)
{
    /// <summary>Null when there is no server that listens on ports.</summary>
    public static DevelopmentProgram? Find(IServiceProvider services)
    {
        if (services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>() is not { } server
            || services.GetService<IHostEnvironment>() is not { } environment)
            return null;

        string[] urls = server.Addresses is { Count: > 0 } addresses
            ? [.. addresses]
            : DevelopmentAddress.FindUrls(services.GetService<IConfiguration>());

        return new DevelopmentProgram($"{environment.ContentRootPath}\n{environment.ApplicationName}",
            [.. urls.Select(DevelopmentAddress.Parse).OfType<BindingAddress>()]);
    }

    /// <summary>
    /// The mark of the program. Null if the port of its address is not its own, as behind a proxy, if the bus does not use an emulator on
    /// this machine, or if the service has a name.
    /// </summary>
    public string? FindMark(QStashHostSettings settings, string busName)
    {
        var address = settings.Addresses.EndpointBase;

        return settings.Account is { IsEmulator: true, ApiUrl.IsLoopback: true }
            && settings.Options.ServiceName is null
            && address.IsLoopback
            && (Listened.Count == 0 || Listened.Any(listened => listened.Port == address.Port))
                ? ProgramMark.Create(Folder, Environment.GetCommandLineArgs(), busName)
                : null;
    }
}

using MassTransit.QStashTransport.Wire;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// The program on a developer's machine, by which it is known again when its port has changed.
/// </summary>
/// <param name="Folder">Where the program is.</param>
/// <param name="Listened">The addresses its server is going to listen on, as far as they are known before it starts.</param>
sealed record DevelopmentProgram(string Folder, IReadOnlyCollection<BindingAddress> Listened)
{
    /// <summary>Null where there is no server that listens on ports.</summary>
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
    /// The mark of the program; null where its port is none of its own, as behind a proxy, or the bus speaks to no emulator on this
    /// machine, or has a name.
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

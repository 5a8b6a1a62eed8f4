using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// Warns, when the application has started, if QStash would deliver to an address at which nothing listens.
/// </summary>
sealed class MappingCheck(QStashHostConfiguration host, IServer? server)
{
    public void Run()
    {
        if (host.DeployTopologyOnly)
            return;

        // This mistake is the most likely one, and without the log it is silent: QStash delivers, and the application's routing answers
        // 404.
        if (!host.IsMapped && host.Endpoints.HasOwn)
        {
            host.LogContext?.Error?.Log("QStash cannot deliver messages to {HostAddress}: call app.MapQStash(). "
                + "If there is no app, as in a worker, write WebApplication.CreateBuilder(args) in place of "
                + "Host.CreateApplicationBuilder(args); with Host.CreateDefaultBuilder, add ConfigureWebHostDefaults and call "
                + "endpoints.MapQStash() in its UseEndpoints", host.HostAddress);
        }

        if (!host.IsMapped || server?.Features.Get<IServerAddressesFeature>()?.Addresses is not { Count: > 0 } listened)
            return;

        var addresses = host.Settings.Addresses;
        if (LocalPorts.FindOther([addresses.EndpointBase, addresses.InstanceEndpointBase], listened) is { } address)
        {
            host.LogContext?.Warning?.Log("QStash delivers to {Address}, and this application listens on {Listened} only. Unless "
                + "something forwards that port, correct BaseAddress (QStash:BaseAddress) or the addresses of the server "
                + "(ASPNETCORE_URLS)", address,
                string.Join(", ", listened));
        }
    }
}

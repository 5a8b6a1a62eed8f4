using System.Net;
using System.Net.Sockets;

namespace Bridge.Running;

/// <summary>A web application on this machine.</summary>
static class Service
{
    public static WebApplication Build(Steps steps, Uri address, Action<IServiceCollection> configure)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls(address.AbsoluteUri);
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddSingleton(steps);
        configure(builder.Services);

        return builder.Build();
    }

    // Kestrel could choose a port itself, but the address must be known before it starts.
    public static Uri FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        return new Uri($"http://{listener.LocalEndpoint}");
    }
}

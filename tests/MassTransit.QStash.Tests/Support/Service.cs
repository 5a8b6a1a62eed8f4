using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.QStash.Tests.Support;

/// <summary>
/// A running ASP.NET Core application with a bus.
/// </summary>
sealed class Service(ICloud cloud, WebApplication app, string host, Observed observed, LogRecorder log) : IAsyncDisposable
{
    public IServiceProvider Services => app.Services;
    public IBusControl Bus => app.Services.GetRequiredService<IBusControl>();
    public Observed Observed => observed;
    public LogRecorder Log => log;

    /// <summary>The loopback address of the server, for requests that do not come through QStash.</summary>
    public Uri LocalAddress => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public async Task StartAsync()
    {
        await StartServerAsync();

        // MassTransit starts in the background; the endpoints are members of their URL groups once it is healthy.
        Assert.Equal(BusHealthStatus.Healthy, await Bus.WaitForHealthStatus(BusHealthStatus.Healthy, TimeSpan.FromSeconds(30)));
    }

    /// <summary>Starts the application without waiting for the bus.</summary>
    public async Task StartServerAsync()
    {
        await app.StartAsync(Cancellation);

        cloud.Resolve(host, IPEndPoint.Parse(LocalAddress.Authority));
    }

    public Task StopAsync() => app.StopAsync(Cancellation);

    /// <summary>A client from a scope of its own, as a request would have.</summary>
    public async Task<Response<TResponse>> Request<TRequest, TResponse>(TRequest request)
        where TRequest : class
        where TResponse : class
    {
        await using var scope = Services.CreateAsyncScope();

        return await scope.ServiceProvider.GetRequiredService<IRequestClient<TRequest>>()
            .GetResponse<TResponse>(request, Cancellation);
    }

    public async Task Publish<T>(T message)
        where T : class =>
        await Bus.Publish(message, Cancellation);

    public async Task Send<T>(string address, T message)
        where T : class
    {
        var endpoint = await Bus.GetSendEndpoint(new Uri(address));

        await endpoint.Send(message, Cancellation);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

using System.Net;
using MassTransit.QStash.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using QStash.Client;

namespace MassTransit.QStash.Tests.Compliance;

/// <summary>
/// Upstash's QStash, or any server that speaks like it: a plain http address counts as a development server.
/// </summary>
sealed class RealQStashUnderTest(RealQStashSettings settings) : IQStashUnderTest, ICloud
{
    static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);
    static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    readonly List<Service> _services = [];

    public IQStashClient Client { get; } = new ServiceCollection()
        .AddQStashClient(options => (options.Url, options.Token) = (settings.Url, settings.Token))
        .BuildServiceProvider()
        .GetRequiredService<IQStashClient>();

    public Uri Url => settings.Url;

    public string Token => settings.Token;

    public ComplianceReport Report => ComplianceReport.OfService;

    public TimeProvider Time => TimeProvider.System;
    public string ListenUrl => $"http://127.0.0.1:{settings.Port}";

    public Uri GetAddress(string host) => settings.Address;

    public void Connect(IQStashHostConfigurator host)
    {
        if (settings.Url.Scheme == Uri.UriSchemeHttp)
        {
            host.UseEmulator(settings.Url);
            return;
        }

        host.Url(settings.Url);
        host.Token(settings.Token);
        host.SigningKeys(settings.CurrentSigningKey, settings.NextSigningKey);
    }

    public void Resolve(string host, IPEndPoint address)
    {
    }

    public async Task<Service> StartServiceAsync(Action<ServiceBuilder> configure)
    {
        var builder = new ServiceBuilder(this, "");
        configure(builder);
        var service = builder.Build();
        _services.Add(service);

        await service.StartAsync();

        return service;
    }

    public Task PassTimeAsync(TimeSpan by) => Task.CompletedTask;

    public async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        using var timer = new PeriodicTimer(PollInterval);
        using var deadline = new CancellationTokenSource(Deadline);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, Cancellation);

        while (!await condition())
            await timer.WaitForNextTickAsync(end.Token);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services)
        {
            await service.StopAsync();
            await service.DisposeAsync();
        }

        // Leaves the account as it was: the plans count groups. Those of faults have the name within theirs.
        foreach (var group in await Client.UrlGroups.ListAsync())
        {
            if (group.Name.Contains(typeof(RealQStashUnderTest).Namespace!, StringComparison.Ordinal))
                await Client.UrlGroups.DeleteAsync(group.Name);
        }
    }
}

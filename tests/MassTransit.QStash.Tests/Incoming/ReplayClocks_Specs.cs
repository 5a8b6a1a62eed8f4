using System.Collections.Concurrent;
using System.Net;
using MassTransit.QStash.Tests.Support;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.QStash.Tests;

/// <summary>
/// The replicas of a service share a cache, but each has a clock of its own.
/// </summary>
public sealed class Guarding_against_replays_by_replicas_whose_clocks_differ : IAsyncDisposable
{
    readonly HttpClient _http = new();
    Cloud _cloud = null!;

    // A clock that is ahead still takes fresh tokens, which live for five minutes.
    [Theory]
    [InlineData(5, 4, -4)]
    [InlineData(5, 240, 0)]
    [InlineData(5, 300, -5)]
    [InlineData(300, 300, -300)]
    [InlineData(300, -300, 0)]
    [InlineData(0, 120, 0)]
    public async Task Refuses_a_token_at_each_moment_at_which_it_counts(int tolerance, int first, int second)
    {
        _cloud = await Cloud.StartAsync();
        var cache = new Cache(_cloud.Time);
        var one = await Start("one", cache, first, tolerance);
        var other = await Start("other", cache, second, tolerance);
        var delivery = Delivery.Of(_cloud, "http://orders.test/qstash/orders", """{"orderId":"42"}""");
        var signature = delivery.Sign();
        Assert.Equal(HttpStatusCode.OK, await Send(one, delivery, signature));

        for (var i = 0; i < 90; i++)
        {
            _cloud.Clock.Advance(TimeSpan.FromSeconds(10));
            Assert.Equal((i, HttpStatusCode.Unauthorized), (i, await Send(other, delivery, signature)));
        }

        Assert.Single(one.Observed.Messages<OrderSubmitted>());
        Assert.Empty(other.Observed.Messages<OrderSubmitted>());
    }

    Task<Service> Start(string name, Cache cache, int ahead, int tolerance) => _cloud.StartServiceAsync(name, s =>
    {
        s.Services.AddSingleton<TimeProvider>(new OtherClock(_cloud.Time, TimeSpan.FromSeconds(ahead)));
        s.Services.AddSingleton<IDistributedCache>(cache);
        s.AddBus(
            x => x.AddConsumer<Recorder<OrderSubmitted>>(),
            (context, cfg) =>
            {
                cfg.Host("http://orders.test", h =>
                {
                    h.ClockTolerance(TimeSpan.FromSeconds(tolerance));
                    h.UseReplayGuard();
                });
                cfg.ReceiveEndpoint("orders", e =>
                {
                    e.UseRawJsonDeserializer();
                    e.ConfigureConsumer<Recorder<OrderSubmitted>>(context);
                });
            });
    });

    async Task<HttpStatusCode> Send(Service replica, Delivery delivery, string signature)
    {
        using var request = delivery.To(new Uri(replica.LocalAddress, "qstash/orders"), signature);
        using var answer = await _http.SendAsync(request, Cancellation);

        return answer.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _cloud.DisposeAsync();
    }

    /// <summary>Forgets entries as a shared cache does, by a clock of its own.</summary>
    sealed class Cache(TimeProvider time) : IDistributedCache
    {
        readonly ConcurrentDictionary<string, (byte[] Value, DateTimeOffset End)> _entries = new();

        public Task<byte[]?> GetAsync(string key, CancellationToken token = default) =>
            Task.FromResult(_entries.TryGetValue(key, out var entry) && entry.End > time.GetUtcNow() ? entry.Value : null);

        public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
        {
            _entries[key] = (value, time.GetUtcNow() + options.AbsoluteExpirationRelativeToNow!.Value);

            return Task.CompletedTask;
        }

        public byte[]? Get(string key) => throw new NotSupportedException();
        public void Refresh(string key) => throw new NotSupportedException();
        public Task RefreshAsync(string key, CancellationToken token = default) => throw new NotSupportedException();
        public void Remove(string key) => throw new NotSupportedException();
        public Task RemoveAsync(string key, CancellationToken token = default) => throw new NotSupportedException();
        public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new NotSupportedException();
    }
}

using System.Collections.Concurrent;
using System.Net;
using MassTransit.QStash.Tests.Support;
using MassTransit.Transports;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.QStash.Tests;

/// <summary>
/// UseReplayGuard: a token counts once (S1; QStash signs each attempt anew).
/// </summary>
public sealed class Guarding_against_replays : IAsyncLifetime
{
    readonly Cache _cache = new();
    readonly HttpClient _http = new();
    Cloud _cloud = null!;
    Service _orders = null!;

    public async ValueTask InitializeAsync() => _cloud = await Cloud.StartAsync();

    [Fact]
    public async Task Refuses_a_token_that_came_before()
    {
        _orders = await Start();
        var delivery = Order();
        var signature = delivery.Sign();

        Assert.Equal(HttpStatusCode.OK, await Send(delivery, signature));
        Assert.Equal(HttpStatusCode.Unauthorized, await Send(delivery, signature));

        Assert.Single(_orders.Observed.Messages<OrderSubmitted>());
        Assert.Contains("came before", Assert.Single(_orders.Log.Warnings), StringComparison.Ordinal);
        Assert.DoesNotContain(_orders.Log.Lines, line => line.Contains(signature, StringComparison.Ordinal) || line.Contains("jwt_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lets_one_of_many_copies_pass_that_come_at_once()
    {
        _orders = await Start();
        var delivery = Order();
        var signature = delivery.Sign();

        var statuses = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Send(delivery, signature)));

        Assert.Single(statuses, HttpStatusCode.OK);
        Assert.Equal(49, statuses.Count(status => status == HttpStatusCode.Unauthorized));
        Assert.Single(_orders.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task Refuses_a_copy_at_another_replica()
    {
        _orders = await Start();
        var replica = await Start("replica");
        var delivery = Order();
        var signature = delivery.Sign();

        Assert.Equal(HttpStatusCode.OK, await Send(delivery, signature));
        Assert.Equal(HttpStatusCode.Unauthorized, await Send(delivery, signature, replica));
    }

    [Fact]
    public async Task Lets_the_retries_of_QStash_pass()
    {
        var attempts = 0;
        _orders = await Start(consume: _ => Interlocked.Increment(ref attempts) < 3 ? throw new InvalidOperationException("Not yet.") : Task.CompletedTask);

        await _orders.Publish(new OrderSubmitted("42"));
        await _cloud.AdvanceAsync(TimeSpan.FromMinutes(10));

        Assert.Equal(3, attempts);
        Assert.Single(_orders.Observed.Messages<OrderSubmitted>());
    }

    // The token is spent, so a copy is refused; the message is not lost, for QStash got no answer and signs another attempt.
    [Fact]
    public async Task Loses_no_message_whose_first_attempt_died_before_it_was_handled()
    {
        var consuming = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var attempts = 0;
        _orders = await Start(consume: async aborted =>
        {
            if (Interlocked.Increment(ref attempts) > 1)
                return;

            consuming.SetResult();
            await new TaskCompletionSource().Task.WaitAsync(aborted);
        });
        var delivery = Order();
        var signature = delivery.Sign();

        using (var connection = await RawConnection.OpenAsync(_orders.LocalAddress))
        {
            await connection.SendAsync((byte[])[.. RawConnection.Request("/qstash/orders", delivery.Body.Length, $"Upstash-Signature: {signature}"), .. delivery.Body]);
            await consuming.Task.WaitAsync(Cancellation);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await Send(delivery, signature));
        Assert.Equal(HttpStatusCode.OK, await Send(delivery, delivery.Sign()));
        Assert.Single(_orders.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task Refuses_a_token_without_an_id()
    {
        _orders = await Start();
        var delivery = Order();

        Assert.Equal(HttpStatusCode.Unauthorized, await Send(delivery, delivery.Sign(claims => claims.Remove("jti"))));
        Assert.Equal(HttpStatusCode.Unauthorized, await Send(delivery, delivery.Sign(claims => claims["jti"] = "")));
        Assert.Equal(HttpStatusCode.Unauthorized, await Send(delivery, delivery.Sign(claims => claims["jti"] = 1)));
        Assert.Empty(_orders.Observed.Messages<OrderSubmitted>());
        Assert.All(_orders.Log.Warnings, line => Assert.Contains("its token has no id", line, StringComparison.Ordinal));
        Assert.Equal(3, _orders.Log.Warnings.Count);
    }

    // A proxy that repeats requests comes with the same token.
    [Fact]
    public async Task Lets_a_token_in_again_that_was_put_off()
    {
        _orders = await Start();
        var delivery = Order();
        var signature = delivery.Sign();

        _cache.FailsToRead = true;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Send(delivery, signature));
        Assert.Contains("the cache of the replay guard failed", Assert.Single(_orders.Log.Warnings), StringComparison.Ordinal);

        _cache.FailsToRead = false;
        Assert.Equal(HttpStatusCode.OK, await Send(delivery, signature));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Puts_deliveries_off_while_the_cache_fails(bool failsToRead)
    {
        _orders = await Start();
        (_cache.FailsToRead, _cache.FailsToWrite) = (failsToRead, !failsToRead);

        await _orders.Publish(new OrderSubmitted("42"));
        await _cloud.WaitUntilIdleAsync();

        Assert.Empty(_orders.Observed.Messages<OrderSubmitted>());
        var entry = Assert.Single((await _cloud.Client.Logs.ListAsync(cancellationToken: Cancellation)).Items, entry => entry.ResponseStatus is not null);
        Assert.Equal(503, entry.ResponseStatus);

        (_cache.FailsToRead, _cache.FailsToWrite) = (false, false);
        await _cloud.AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.Single(_orders.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task Remembers_a_token_for_as_long_as_it_counts()
    {
        _orders = await Start();
        var delivery = Order();

        await Send(delivery, delivery.Sign(claims => claims["exp"] = delivery.Now.ToUnixTimeSeconds() + 100));

        // The clock of this replica may be five minutes and the tolerance ahead, and another one's is as far behind as is tolerated.
        Assert.InRange(Assert.Single(_cache.Lifetimes), TimeSpan.FromSeconds(415), TimeSpan.FromSeconds(416));
    }

    [Fact]
    public void Needs_a_cache()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMassTransit(x => x.UsingQStash((_, cfg) => cfg.Host("http://orders.test", h =>
        {
            h.UseEmulator();
            h.UseReplayGuard();
        })));

        var exception = Assert.Throws<ConfigurationException>(() => services.BuildServiceProvider().GetRequiredService<IBusInstance>());

        Assert.Contains("AddStackExchangeRedisCache", exception.Message, StringComparison.Ordinal);
    }

    Task<Service> Start(string name = "orders", Func<CancellationToken, Task>? consume = null) => _cloud.StartServiceAsync(name, s =>
    {
        s.Services.AddSingleton<IDistributedCache>(_cache);
        s.AddBus(
            x => x.AddConsumer<Recorder<OrderSubmitted>>(),
            (context, cfg) =>
            {
                cfg.Host("http://orders.test", h => h.UseReplayGuard());
                cfg.ReceiveEndpoint("orders", e =>
                {
                    e.RethrowFaultedMessages();
                    e.UseRawJsonDeserializer();
                    e.UseInlineFilter(async (receive, next) =>
                    {
                        await (consume?.Invoke(receive.CancellationToken) ?? Task.CompletedTask);
                        await next.Send(receive);
                    });
                    e.ConfigureConsumer<Recorder<OrderSubmitted>>(context);
                });
            });
    });

    Delivery Order() => Delivery.Of(_cloud, "http://orders.test/qstash/orders", """{"orderId":"42"}""");

    async Task<HttpStatusCode> Send(Delivery delivery, string signature, Service? replica = null)
    {
        var answer = await _http.SendAsync(delivery.To(new Uri((replica ?? _orders).LocalAddress, "qstash/orders"), signature), Cancellation);

        return answer.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _cloud.DisposeAsync();
    }

    /// <summary>A cache that several services share, as they would share a Redis.</summary>
    sealed class Cache : IDistributedCache
    {
        readonly ConcurrentDictionary<string, byte[]> _entries = new();

        public bool FailsToRead { get; set; }
        public bool FailsToWrite { get; set; }
        public ConcurrentQueue<TimeSpan> Lifetimes { get; } = new();

        public async Task<byte[]?> GetAsync(string key, CancellationToken token = default)
        {
            await Task.Yield();

            return FailsToRead ? throw new IOException("No connection.") : _entries.GetValueOrDefault(key);
        }

        public async Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
        {
            await Task.Yield();
            if (FailsToWrite)
                throw new IOException("No connection.");

            _entries[key] = value;
            Lifetimes.Enqueue(options.AbsoluteExpirationRelativeToNow!.Value);
        }

        public byte[]? Get(string key) => throw new NotSupportedException();
        public void Refresh(string key) => throw new NotSupportedException();
        public Task RefreshAsync(string key, CancellationToken token = default) => throw new NotSupportedException();
        public void Remove(string key) => throw new NotSupportedException();
        public Task RemoveAsync(string key, CancellationToken token = default) => throw new NotSupportedException();
        public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new NotSupportedException();
    }
}

using System.Collections.Concurrent;
using MassTransit.QStash.Tests.Support;
using Microsoft.Extensions.Configuration;
using QStash.Client;

namespace MassTransit.QStash.Tests;

/// <summary>
/// The same settings, set the same way: in the configuration, for a bus, for what is sent or published of a type, and for one send.
/// </summary>
public sealed class Each_delivery_setting : IAsyncDisposable
{
    static readonly Dictionary<string, ((string Key, string Value)[] Section, Action<QStashDeliverySettings> Code)> Settings = new()
    {
        ["Retries"] = ([("Retries", "5")], d => d.Retries = 5),
        ["RetryDelay"] = ([("RetryDelay", "1000 * retried")], d => d.RetryDelay = QStashRetryDelay.Expression("1000 * retried")),
        ["Timeout"] = ([("Timeout", "00:00:30")], d => d.Timeout = TimeSpan.FromSeconds(30)),
        ["Callback"] = ([("Callback", "http://hooks.test/attempts")], d => d.Callback = new("http://hooks.test/attempts")),
        ["FailureCallback"] = ([("FailureCallback:Url", "http://hooks.test/failures"), ("FailureCallback:Retries", "2")],
            d => d.FailureCallback = new("http://hooks.test/failures") { Retries = 2 }),
        ["ForwardHeaders"] = ([("ForwardHeaders:X-Tenant", "7")], d => d.ForwardHeaders["X-Tenant"] = "7"),
        ["FlowControl"] = ([("FlowControl:Key", "mail"), ("FlowControl:Rate", "3"), ("FlowControl:Period", "00:00:05"), ("FlowControl:Parallelism", "2")],
            d => d.FlowControl = new() { Key = "mail", Rate = 3, Period = TimeSpan.FromSeconds(5), Parallelism = 2 }),
        ["Labels"] = ([("Labels:0", "orders")], d => d.Labels.Add("orders")),
        ["RedactFields"] = ([("RedactFields:0", "body")], d => d.RedactFields.Add("body")),
    };

    readonly ConcurrentQueue<string> _requests = [];
    Cloud _cloud = null!;

    public static TheoryData<string> Names => [.. Settings.Keys];

    [Fact]
    public void Is_one_of_these() =>
        Assert.Equal(typeof(QStashDeliverySettings).GetProperties().Select(property => property.Name).Order(), Settings.Keys.Order());

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Comes_to_the_same_at_each_level(string name)
    {
        var (section, code) = Settings[name];
        _cloud = await Cloud.StartAsync();

        var configured = await RequestAsync("configured", configure: s => s.Configuration.AddInMemoryCollection(
            section.Select(setting => KeyValuePair.Create<string, string?>($"QStash:Delivery:{setting.Key}", setting.Value))));

        Assert.NotEqual(await RequestAsync("plain"), configured);
        Assert.Equal(configured, await RequestAsync("bus", cfg => cfg.Host(h => h.Delivery(code))));
        Assert.Equal(configured, await RequestAsync("type", cfg => cfg.Send<ChargeCard>(x => x.UseDelivery(code))));
        Assert.Equal(configured, await RequestAsync("send", send: x => x.UseQStash(code)));
        Assert.Equal(configured, await RequestAsync("try", send: x => Assert.True(x.TryUseQStash(code))));

        var publishes = configured.Replace("http://webhook.test/in", "topic", StringComparison.Ordinal);
        Assert.Equal(publishes, await RequestAsync("publishes", cfg => cfg.Publish<ChargeCard>(x => x.UseDelivery(code)), publish: true));
    }

    // What QStash gets, but for the body and what is new each time. The trace is there when another test listens to activities.
    async Task<string> RequestAsync(string host, Action<IQStashBusFactoryConfigurator>? bus = null, Action<SendContext<ChargeCard>>? send = null,
        Action<ServiceBuilder>? configure = null, bool publish = false)
    {
        var service = await _cloud.StartServiceAsync(host, s =>
        {
            s.InterceptApi(() => new Recording(_requests));
            configure?.Invoke(s);
            s.AddBus(null, (_, cfg) => bus?.Invoke(cfg));
        });
        _requests.Clear();

        if (publish)
            await service.Bus.Publish(new ChargeCard("42"), Cancellation);
        else
        {
            var endpoint = await service.Bus.GetSendEndpoint(new Uri("http://webhook.test/in"));
            await endpoint.Send(new ChargeCard("42"), x => send?.Invoke(x), Cancellation);
        }

        return Assert.Single(_requests);
    }

    public ValueTask DisposeAsync() => _cloud?.DisposeAsync() ?? ValueTask.CompletedTask;

    sealed class Recording(ConcurrentQueue<string> requests) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method == HttpMethod.Post)
            {
                var destination = request.RequestUri!.OriginalString.Split("/v2/publish/")[1];
                var headers = request.Headers.Where(header => !header.Key.EndsWith("Proof", StringComparison.Ordinal)
                    && !header.Key.EndsWith("Deduplication-Id", StringComparison.Ordinal)
                    && !header.Key.EndsWith("MassTransit-Headers", StringComparison.Ordinal)
                    && !header.Key.EndsWith("traceparent", StringComparison.Ordinal));
                requests.Enqueue(string.Join('\n', headers.Select(header => $"{header.Key}: {string.Join(',', header.Value)}").Order(StringComparer.Ordinal)
                    .Prepend(destination.Contains("://", StringComparison.Ordinal) ? destination : "topic")));
            }

            return base.SendAsync(request, cancellationToken);
        }
    }
}

using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using MassTransit.QStash.Benchmarks.Load;
using MassTransit.QStash.Benchmarks.Measuring;
using MassTransit.QStash.Benchmarks.Messages;
using MassTransit.QStash.Benchmarks.Services;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using QStash.Client;

namespace MassTransit.QStash.Benchmarks.Rows;

/// <summary>
/// Row 4: many senders at a time that each await their send, with a network between them and QStash. The peer posts bytes, as the client
/// of QStash does; MassTransit's pipeline and serializer come on top for a send from MassTransit.
/// </summary>
sealed class SustainedSend : IRow
{
    const string Destination = "https://orders.example.com/qstash/orders";

    public int Number => 4;

    public async Task<IReadOnlyList<Comparison>> Run(Effort effort) => [.. await Run(effort, 256, effort.Of(60)), .. await Run(effort, 1024, effort.Of(25))];

    async Task<IReadOnlyList<Comparison>> Run(Effort effort, int senders, int each)
    {
        await using var api = await SilentProcess.Start(TimeSpan.FromMilliseconds(20), HttpProtocols.Http1AndHttp2);
        await using var app = await QStashApp.Start(api.Url, FreePort.Find(), _ => { });
        using var http1 = Client(HttpVersion.Version11);
        using var http2 = Client(HttpVersion.Version20);
        var order = new OrderPlaced(1, 0, OrderPlaced.TextOf(200));
        var message = await Capture.Message(order);
        var url = new Uri(api.Url, "/v2/publish/" + Destination);
        var endpoint = await app.Bus.GetSendEndpoint(new Uri(Destination));
        using var http = Client(HttpVersion.Version20);
        var qstash = new QStashClient(http, new QStashClientOptions { Url = api.Url, Token = "token", CoalescePublishes = true });

        var costs = await Rounds.Compare(effort.Rounds, senders * each,
            () => Send(() => Publish(qstash)),
            () => Send(() => endpoint.Send(order)),
            () => Send(() => Post(http1)),
            () => Send(() => Post(http2)));

        (string Name, Cost[] Costs)[] peers = [("HttpClient over HTTP/1.1", costs[2]), ("HttpClient over HTTP/2", costs[3])];
        var fastest = peers.MaxBy(peer => peer.Costs.Select(cost => cost.PerSecond).Median());
        var thriftiest = peers.MinBy(peer => peer.Costs.Select(cost => cost.ProcessorMicroseconds).Median());
        var work = string.Create(CultureInfo.InvariantCulture, $"{senders:#,0} at a time");

        return
        [
            Comparison.Of(Number, $"send, {work}", fastest.Name, "/s", costs[0], fastest.Costs, cost => cost.PerSecond, Goal.AtLeast(1.1)),
            Comparison.Of(Number, $"its processor time, {work}", thriftiest.Name, "µs", costs[0], thriftiest.Costs, cost => cost.ProcessorMicroseconds, Goal.AtMost(0.5)),
            Comparison.Of(Number, $"send from MassTransit, {work}", fastest.Name, "/s", costs[1], fastest.Costs, cost => cost.PerSecond),
            Comparison.Of(Number, $"its processor time from MassTransit, {work}", thriftiest.Name, "µs", costs[1], thriftiest.Costs, cost => cost.ProcessorMicroseconds),
        ];

        // Both make what they send from what an application has: here the bytes of the message and the headers that go with it.
        Task Publish(QStashClient client)
        {
            var publish = new QStashMessage { Destination = Destination, Body = message.Body, ContentType = message.ContentType };
            foreach (var (name, value) in message.ForwardedHeaders)
                publish.ForwardHeaders[name] = value;

            return client.PublishAsync(publish);
        }

        Task Send(Func<Task> send) => Task.WhenAll(Enumerable.Range(0, senders).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < each; i++)
                await send();
        })));

        // What the transport sends, made before.
        async Task Post(HttpClient client)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url)
            {
                Version = client.DefaultRequestVersion,
                VersionPolicy = client.DefaultVersionPolicy,
                Content = new ByteArrayContent(message.Body) { Headers = { ContentType = MediaTypeHeaderValue.Parse(message.ContentType) } },
            };
            foreach (var (name, value) in message.ForwardedHeaders)
                request.Headers.TryAddWithoutValidation(SilentQStash.ForwardPrefix + name, value);

            using var response = await client.SendAsync(request);
            response.EnsureSuccessStatusCode();
        }
    }

    static HttpClient Client(Version version)
    {
        var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true };
        Certificate.Trust(handler);

        return new HttpClient(handler) { DefaultRequestVersion = version, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
    }
}

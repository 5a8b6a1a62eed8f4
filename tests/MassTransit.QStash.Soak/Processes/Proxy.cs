using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MassTransit.QStash.Soak.Judging;
using MassTransit.QStash.Soak.Services;

namespace MassTransit.QStash.Soak.Processes;

/// <summary>
/// Stands between QStash and the services. It passes on what comes, keeps some of it, and sends copies with headers of its own to
/// the same endpoint: to the process that had the original, or to another. What the copies say must give nobody a power.
/// </summary>
sealed class Proxy(int seed, Judge judge, IReadOnlyDictionary<int, ProxyRoute> routes) : IAsyncDisposable
{
    const string Copies = "copies sent to ";
    const string Trap = "/nobody/chose/this";

    /// <summary>How many of the deliveries of orders are copied; of the other kinds, which are rarer, all are.</summary>
    const double Orders = 0.02;

    // What fails because the API is away, or the process, is over by then.
    const int Attempts = 60;
    static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(1);

    static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);
    static readonly TimeSpan Life = TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(5);
    static readonly string[] OfConnections = ["Host", "Connection", "Content-Length", "Transfer-Encoding", "Keep-Alive"];

    readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    readonly Lock _gate = new();
    readonly Random _random = new(seed);
    readonly List<Task> _copies = [];
    readonly ConcurrentDictionary<string, int> _counts = new();
    readonly TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);
    WebApplication? _app;
    string _messageId = "msg_x";
    int _drawn;

    /// <summary>Where it passes deliveries on to, by its own port.</summary>
    public IReadOnlyDictionary<int, ProxyRoute> Routes => routes;

    /// <summary>The schedules whose ids copies are given.</summary>
    public IReadOnlyList<string> ScheduleIds { get; set; } = [];

    /// <summary>What was sent, and how it was answered.</summary>
    public IEnumerable<Figure> Figures => _counts.OrderBy(static count => count.Key, StringComparer.Ordinal)
        .Select(static count => new Figure(count.Key, count.Value));

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls([.. routes.Keys.Select(static port => $"http://127.0.0.1:{port}")]);
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Run(PassAsync);
        await _app.StartAsync();
    }

    /// <summary>Whether a message of each kind was copied.</summary>
    public bool HasAllKinds => ((string[])[OrdersService.Name, BillingService.Name, SideEffects.Ticks, .. SideEffects.OfAnOrder])
        .All(kind => _counts.ContainsKey(Copies + kind));

    /// <summary>Sends at once what was to be sent later, from now on.</summary>
    public void Hurry() => _hurry.TrySetResult();

    /// <summary>Completes when all copies are answered.</summary>
    public async Task FinishAsync()
    {
        Hurry();
        while (true)
        {
            Task[] copies;
            lock (_gate)
                copies = [.. _copies.Where(static copy => !copy.IsCompleted)];

            if (copies.Length == 0)
                return;

            await Task.WhenAll(copies);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();

        _http.Dispose();
    }

    async Task PassAsync(HttpContext http)
    {
        if (http.Request.Path == Trap)
        {
            judge.Gain("something was sent to an address that only a forged header named");
            return;
        }

        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var delivery = new CapturedDelivery(
            routes[http.Connection.LocalPort],
            http.Request.Path,
            [.. http.Request.Headers.Where(static header => !OfConnections.Contains(header.Key, StringComparer.OrdinalIgnoreCase))
                .SelectMany(static header => header.Value.Select(value => (header.Key, value ?? "")))],
            body.ToArray(),
            DateTimeOffset.UtcNow + Life);
        using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), $"http://127.0.0.1:{delivery.Route.Service}{delivery.Path}")
        {
            Content = new ByteArrayContent(delivery.Body),
        };
        foreach (var (name, value) in delivery.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content.Headers.TryAddWithoutValidation(name, value);
        }

        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, http.RequestAborted);
        }
        catch (HttpRequestException)
        {
            http.Response.StatusCode = StatusCodes.Status502BadGateway;
            return;
        }

        using (response)
        {
            http.Response.StatusCode = (int)response.StatusCode;
            foreach (var (name, values) in response.Headers.Concat(response.Content.Headers).Where(static header => !OfConnections.Contains(header.Key)))
                http.Response.Headers[name] = values.ToArray();

            // Only what was handled, so that no copy makes up for an original that was lost.
            if (response.StatusCode is HttpStatusCode.OK or (HttpStatusCode)489)
                Keep(delivery);

            await http.Response.Body.WriteAsync(await response.Content.ReadAsByteArrayAsync(http.RequestAborted), http.RequestAborted);
        }
    }

    void Keep(CapturedDelivery delivery)
    {
        lock (_gate)
        {
            if (delivery.Endpoint is OrdersService.Name or BillingService.Name && _random.NextDouble() >= Orders)
                return;

            foreach (var isForReplica in (ReadOnlySpan<bool>)[true, false])
            {
                var random = new Random(seed + _drawn++);
                var forgery = new Forgery(random, new Uri($"http://127.0.0.1:{routes.Keys.First()}{Trap}"), ScheduleIds, _messageId);
                var delay = _random.NextDouble() < 0.5 ? _random.NextDouble() * Soon : _random.NextDouble() * Life;
                _copies.Add(Task.Run(() => SendAsync(delivery, forgery.Change(delivery.Headers), isForReplica, delay)));
            }

            _messageId = delivery.Headers.First(static header => header.Name == "Upstash-Message-Id").Value;
        }
    }

    async Task SendAsync(CapturedDelivery delivery, List<(string Name, string Value)> headers, bool isForReplica, TimeSpan delay)
    {
        await Task.WhenAny(Task.Delay(delay), _hurry.Task);
        Count(Copies + delivery.Endpoint);
        var (status, attempt) = (0, 0);
        for (; attempt < Attempts && status is 0 or >= 500 && DateTimeOffset.UtcNow < delivery.ExpiresAt; attempt++)
        {
            if (attempt > 0)
                await Task.Delay(BetweenAttempts);

            status = await SendAsync(delivery, headers, isForReplica ? delivery.Route.Replica : delivery.Route.Service);
        }

        var answer = status == 0 ? "nothing" : status.ToString(CultureInfo.InvariantCulture);
        Count($"copies answered by {(isForReplica ? "a replica" : "the same service")} with {answer}");
        // One that expired meanwhile had too few attempts to tell.
        if (status == StatusCodes.Status500InternalServerError && attempt == Attempts)
            judge.Gain($"a copy at {delivery.Endpoint} was answered with 500 again and again: {string.Join(" | ", headers)}");
    }

    // By hand, as a client would join headers that come twice.
    static async Task<int> SendAsync(CapturedDelivery delivery, List<(string Name, string Value)> headers, int port)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            await using var stream = client.GetStream();
            var head = new StringBuilder($"POST {delivery.Path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n")
                .Append($"{LedgerExtensions.CopyHeader}: 1\r\n");
            foreach (var (name, value) in headers)
                head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");

            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {delivery.Body.Length}\r\n\r\n");
            await stream.WriteAsync((byte[])[.. Encoding.Latin1.GetBytes(head.ToString()), .. delivery.Body]);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            return await reader.ReadLineAsync() is { Length: > 11 } line ? int.Parse(line.AsSpan(9, 3), CultureInfo.InvariantCulture) : 0;
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            // The process was killed.
            return 0;
        }
    }

    void Count(string what) => _counts.AddOrUpdate(what, 1, static (_, count) => count + 1);
}

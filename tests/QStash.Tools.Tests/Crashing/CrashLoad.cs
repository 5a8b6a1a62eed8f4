using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using QStash.Emulator.Tests.Support;

namespace QStash.Tools.Tests.Crashing;

/// <summary>
/// Publishes to an emulator that is killed again and again, and receives. Each message has a body of its own, by which it is
/// known whether its publish was answered or not.
/// </summary>
sealed class CrashLoad : IAsyncDisposable
{
    const string Token = "eyJVc2VySUQiOiJkZWZhdWx0VXNlciIsIlBhc3N3b3JkIjoiZGVmYXVsdFBhc3N3b3JkIn0=";
    const int HoldEvery = 10;

    /// <summary>What one publisher does; each does the same all the time.</summary>
    static readonly string[] Kinds = ["queue", "batch", "delayed", "failing"];

    readonly Sink _sink;
    readonly ConcurrentDictionary<string, int> _deliveries = new();
    readonly ConcurrentDictionary<string, bool> _received = new();
    readonly ConcurrentQueue<string> _order = new();
    readonly ConcurrentDictionary<string, bool> _held = new();
    readonly ConcurrentBag<string> _accepted = [];
    readonly List<Life> _lives = [];
    volatile Life? _life;
    int _requests;
    volatile bool _finished;

    CrashLoad(Sink sink)
    {
        _sink = sink;
        _sink.Answer = ReceiveAsync;
    }

    /// <summary>The bodies of the messages whose publish was answered.</summary>
    public IReadOnlyCollection<string> Accepted => _accepted;

    /// <summary>The bodies that were received, in the order they were for the first time.</summary>
    public IReadOnlyCollection<string> Received => _order;

    /// <summary>The ids of the messages that were being delivered when the process was killed.</summary>
    public IEnumerable<string> InFlight => _held.Keys;

    public static async Task<CrashLoad> StartAsync() => new(await Sink.StartAsync(TimeProvider.System));

    /// <summary>The number at the end of a body, for those of one kind.</summary>
    public static IEnumerable<int> Numbers(IEnumerable<string> bodies, string kind) => bodies
        .Where(body => body.StartsWith(kind, StringComparison.Ordinal))
        .Select(body => int.Parse(body.AsSpan(kind.Length), CultureInfo.InvariantCulture));

    /// <summary>How often a message was received.</summary>
    public int Deliveries(string id) => _deliveries[id];

    /// <summary>Runs until the end of the last life; one task for each kind of message.</summary>
    public Task PublishAsync() => Task.WhenAll(Kinds.Select(PublishAsync));

    /// <summary>A new process runs.</summary>
    public void Begin(Uri url)
    {
        var over = _life;
        _lives.Add(_life = new Life(url, Token));
        over?.Over.SetResult();
    }

    /// <summary>Completes when so many publishes of this life have been answered, and deliveries are open.</summary>
    public async Task AnswersAsync(int count)
    {
        await _life!.Held.Task.WaitAsync(Cancellation);
        for (var i = 0; i < count; i++)
            await _life.Answers.WaitAsync(Cancellation);
    }

    /// <summary>The next life is the last one; nothing is published in it.</summary>
    public void Finish() => _finished = true;

    public async Task<JsonElement> CallAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body) };
        using var response = await _life!.Http.SendAsync(request, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonElement.Parse(text);
    }

    public async ValueTask DisposeAsync()
    {
        await _sink.DisposeAsync();
        _lives.ForEach(static life => life.Dispose());
    }

    async Task PublishAsync(string kind)
    {
        for (var i = 0; !_finished; i++)
        {
            var life = _life!;
            try
            {
                using var request = Request(kind, i, out var bodies);
                using var response = await life.Http.SendAsync(request, Cancellation);
                Assert.True(response.IsSuccessStatusCode, $"a publish was answered with {response.StatusCode}");
                bodies.ForEach(_accepted.Add);
                life.Answers.Release();
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                // Killed before the answer came. Whether the message exists is unknown, and either is right.
                await life.Over.Task;
            }
        }
    }

    HttpRequestMessage Request(string kind, int number, out List<string> bodies)
    {
        bodies = [$"{kind}{number}"];
        var target = kind switch
        {
            "queue" => $"/v2/enqueue/q/{_sink.Url}/a",
            "batch" => "/v2/batch",
            "failing" => $"/v2/publish/{_sink.Url}/fail",
            _ => $"/v2/publish/{_sink.Url}/a",
        };
        var request = new HttpRequestMessage(HttpMethod.Post, target);
        switch (kind)
        {
            case "batch":
                bodies = [.. Enumerable.Range(0, 3).Select(i => $"{kind}{(number * 3) + i}")];
                request.Content = new StringContent(JsonSerializer.Serialize(bodies.Select(body => new { destination = _sink.Url + "/a", body })));
                return request;
            case "delayed":
                request.Headers.Add("Upstash-Delay", "1s");
                break;
            case "failing":
                request.Headers.Add("Upstash-Retries", "0");
                break;
        }

        request.Content = new StringContent(bodies[0]);
        return request;
    }

    async Task ReceiveAsync(Received received, HttpContext context)
    {
        var id = received.Header("Upstash-Message-Id")!;
        _deliveries.AddOrUpdate(id, 1, static (_, count) => count + 1);
        if (_received.TryAdd(received.Text, true))
            _order.Enqueue(received.Text);

        var life = _life!;
        // At least one in each life; the process cannot be killed before.
        if (!_finished && (Interlocked.Increment(ref _requests) % HoldEvery == 0 || !life.Held.Task.IsCompleted) && _held.TryAdd(id, true))
        {
            life.Held.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }

        context.Response.StatusCode = received.Target == "/fail" ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK;
    }
}

using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace QStash.Emulator.Tests.Support;

/// <summary>A destination that records what it gets and answers on command.</summary>
sealed class Sink : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly TimeProvider _time;
    readonly ConcurrentQueue<Received> _received = new();
    int _open;
    int _most;

    Sink(TimeProvider time)
    {
        _time = time;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>What to answer; 200 without a body by default.</summary>
    public Func<Received, HttpContext, Task> Answer { get; set; } = (_, _) => Task.CompletedTask;

    public IReadOnlyList<Received> All => [.. _received];

    /// <summary>How many requests were open at the same time, at most.</summary>
    public int MostAtOnce => _most;

    /// <summary>For example <c>http://127.0.0.1:40000</c>, without a slash at the end.</summary>
    public string Url => _app.Urls.Single();

    public static async Task<Sink> StartAsync(TimeProvider time)
    {
        var sink = new Sink(time);
        await sink._app.StartAsync(Cancellation);
        return sink;
    }

    public IReadOnlyList<Received> At(string path) => [.. _received.Where(request => request.Target == path)];

    /// <summary>Answers the first requests with these statuses and later ones with the last of them.</summary>
    public void AnswerWith(params int[] statuses)
    {
        var next = -1;
        Answer = (_, context) =>
        {
            context.Response.StatusCode = statuses[Math.Min(Interlocked.Increment(ref next), statuses.Length - 1)];
            return Task.CompletedTask;
        };
    }

    /// <summary>Keeps requests open: <c>Arrived</c> is released by each one, and each waits for <c>Answers</c>.</summary>
    public (SemaphoreSlim Arrived, SemaphoreSlim Answers) Hold()
    {
        var (arrived, answers) = (new SemaphoreSlim(0), new SemaphoreSlim(0));
        Answer = async (_, context) =>
        {
            arrived.Release();
            await answers.WaitAsync(context.RequestAborted);
        };
        return (arrived, answers);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var received = new Received(
            context.Request.Method,
            context.Features.Get<IHttpRequestFeature>()!.RawTarget,
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToArray()!, StringComparer.OrdinalIgnoreCase)!,
            body.ToArray(),
            _time.GetUtcNow());
        _received.Enqueue(received);
        Count(Interlocked.Increment(ref _open));
        try
        {
            // Gives another request the chance to come in between.
            await Task.Yield();
            await Answer(received, context);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    void Count(int open)
    {
        for (var most = _most; most < open; most = _most)
            Interlocked.CompareExchange(ref _most, open, most);
    }
}

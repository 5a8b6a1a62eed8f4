using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace QStash.Client.Tests;

/// <summary>An HTTP server that records requests and answers what the test says, the last answer again and again.</summary>
sealed class ScriptedQStash : IAsyncDisposable
{
    public const string Token = "eyJVc2VySUQiOiJ0ZXN0In0+/=";

    readonly WebApplication _app;
    readonly ConcurrentQueue<Func<HttpContext, Task<Reply>>> _script = new();
    readonly ConcurrentQueue<RecordedRequest> _requests = new();

    ScriptedQStash(WebApplication app) => _app = app;

    public Uri Url { get; private set; } = null!;

    public IReadOnlyList<RecordedRequest> Requests => [.. _requests];

    public RecordedRequest Request => Assert.Single(_requests);

    public static async Task<ScriptedQStash> StartAsync(params Reply[] replies)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));

        var server = new ScriptedQStash(builder.Build());
        foreach (var reply in replies)
            server.Then(_ => Task.FromResult(reply));

        server._app.Run(server.HandleAsync);
        await server._app.StartAsync(Cancellation);
        server.Url = new Uri(server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return server;
    }

    public ScriptedQStash Then(Func<HttpContext, Task<Reply>> reply)
    {
        _script.Enqueue(reply);
        return this;
    }

    /// <summary>A client on a plain HttpClient, without the resilience handler.</summary>
    public QStashClient Client(string path = "") => new(new HttpClient(), new QStashClientOptions { Url = new Uri(Url, path), Token = Token });

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);

        var request = context.Features.GetRequiredFeature<IHttpRequestFeature>();
        var recorded = new RecordedRequest(request.Method, request.RawTarget, new HeaderDictionary(request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase)), body.ToArray());
        _requests.Enqueue(recorded);
        context.Features.Set(recorded);

        var next = _script.Count > 1 && _script.TryDequeue(out var first) ? first : _script.TryPeek(out var last) ? last : _ => Task.FromResult(Reply.Ok());
        var reply = await next(context);
        if (reply == Reply.Abort)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = reply.Status;
        foreach (var (name, value) in reply.Headers)
            context.Response.Headers.Append(name, value);
        await context.Response.WriteAsync(reply.Body, context.RequestAborted);
    }
}

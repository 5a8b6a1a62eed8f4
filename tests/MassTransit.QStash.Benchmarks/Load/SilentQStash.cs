using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MassTransit.QStash.Benchmarks.Load;

/// <summary>
/// An API that accepts every publish and delivers nothing: the far end of a send, as cheap as a server can be.
/// </summary>
sealed class SilentQStash(WebApplication app, ConcurrentQueue<CapturedMessage> captured) : IAsyncDisposable
{
    public const string ForwardPrefix = "Upstash-Forward-";

    static readonly byte[] Receipt = """{"messageId":"msg_26hZCxZCuWyyTWPmSVBrNB882AXqDbKKqvEWTmqPJRCzwzTHLpaZ"}"""u8.ToArray();

    public Uri Url { get; } = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <param name="roundTrip">How long each call takes beyond the work, as a network would add. Connecting takes no longer.</param>
    /// <param name="protocols">What it speaks within TLS. Default: HTTP/1.1 without TLS.</param>
    public static async Task<SilentQStash> Start(TimeSpan roundTrip = default, HttpProtocols? protocols = null)
    {
        var captured = new ConcurrentQueue<CapturedMessage>();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                if (protocols is null)
                    return;

                listen.Protocols = protocols.Value;
                listen.UseHttps(Certificate.Create());
            });
        });
        var app = builder.Build();

        app.Run(async http =>
        {
            // Large arrays would keep the collector busy, and the other side waiting.
            var rented = ArrayPool<byte>.Shared.Rent((int)(http.Request.ContentLength ?? 0));
            using var returned = new Returned(rented);
            var body = rented.AsMemory(0, await http.Request.Body.ReadAtLeastAsync(rented, rented.Length, throwOnEndOfStream: false));

            if (roundTrip > TimeSpan.Zero)
                await Task.Delay(roundTrip);

            if (captured.IsEmpty)
                captured.Enqueue(Capture(http.Request, body.ToArray()));

            http.Response.ContentType = "application/json";

            // There are no URL groups, which is all that anybody asks.
            if (HttpMethods.IsGet(http.Request.Method))
            {
                if (http.Request.Path == "/v2/topics")
                    await http.Response.WriteAsync("[]");
                else
                    http.Response.StatusCode = StatusCodes.Status404NotFound;

                return;
            }

            if (http.Request.Path.StartsWithSegments("/v2/batch"))
            {
                await http.Response.WriteAsync("[" + string.Join(',', Enumerable.Repeat("""{"messageId":"msg_x"}""", CountItems(body.Span))) + "]");

                return;
            }

            http.Response.ContentLength = Receipt.Length;
            await http.Response.Body.WriteAsync(Receipt);
        });

        await app.StartAsync();

        return new SilentQStash(app, captured);
    }

    /// <summary>The first message that came.</summary>
    public CapturedMessage First => captured.TryPeek(out var message) ? message : throw new InvalidOperationException("Nothing was sent yet.");

    public Task WaitForShutdown() => app.WaitForShutdownAsync();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    // Without parsing, as the body of a single publish is not parsed either. Within a body the quotes are escaped.
    static int CountItems(ReadOnlySpan<byte> batch) => batch.Count("{\"destination\":"u8);

    static CapturedMessage Capture(HttpRequest request, byte[] body) => new(body, request.ContentType ?? "",
        request.Headers.Where(header => header.Key.StartsWith(ForwardPrefix, StringComparison.OrdinalIgnoreCase))
            .ToDictionary(header => header.Key[ForwardPrefix.Length..], header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));

    sealed class Returned(byte[] rented) : IDisposable
    {
        public void Dispose() => ArrayPool<byte>.Shared.Return(rented);
    }
}

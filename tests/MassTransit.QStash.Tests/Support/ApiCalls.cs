using System.Collections.Concurrent;
using System.Threading.Channels;

namespace MassTransit.QStash.Tests.Support;

/// <summary>
/// The calls that a service made to the QStash API, as "GET /v2/topics", in the order in which they were answered.
/// </summary>
sealed class ApiCalls
{
    readonly ConcurrentQueue<string> _all = new();
    readonly Channel<string> _next = Channel.CreateUnbounded<string>();

    public IReadOnlyList<string> All => _all.ToArray();

    /// <summary>For <see cref="ServiceBuilder.InterceptApi"/>.</summary>
    public DelegatingHandler Handler() => new Recording(this);

    /// <summary>Waits for the next call with this method, after the one that was waited for last.</summary>
    public async Task WaitForAsync(HttpMethod method)
    {
        await foreach (var call in _next.Reader.ReadAllAsync(Cancellation))
        {
            if (call.StartsWith(method.Method, StringComparison.Ordinal))
                return;
        }
    }

    sealed class Recording(ApiCalls calls) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);

            var call = $"{request.Method} {request.RequestUri!.AbsolutePath}";
            calls._all.Enqueue(call);
            calls._next.Writer.TryWrite(call);

            return response;
        }
    }
}

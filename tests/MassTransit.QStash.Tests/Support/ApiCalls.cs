using System.Collections.Concurrent;

namespace MassTransit.QStash.Tests.Support;

/// <summary>
/// The calls that a service made to the QStash API, as "GET /v2/topics", in the order in which they were answered.
/// </summary>
sealed class ApiCalls
{
    readonly ConcurrentQueue<string> _all = new();

    public IReadOnlyList<string> All => _all.ToArray();

    /// <summary>For <see cref="ServiceBuilder.InterceptApi"/>.</summary>
    public DelegatingHandler Handler() => new Recording(this);

    sealed class Recording(ApiCalls calls) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);

            calls._all.Enqueue($"{request.Method} {request.RequestUri!.AbsolutePath}");

            return response;
        }
    }
}

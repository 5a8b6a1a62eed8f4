using System.Collections.Concurrent;

namespace MassTransit.Testing;

/// <summary>
/// Sends each delivery to the service with the host of its URL.
/// </summary>
sealed class TestNetwork : HttpMessageHandler
{
    readonly ConcurrentDictionary<string, Lazy<HttpMessageInvoker>> _hosts = new(StringComparer.OrdinalIgnoreCase);

    public void Add(string host, Lazy<HttpMessageInvoker> invoker)
    {
        if (!_hosts.TryAdd(host, invoker))
            throw Taken(host);
    }

    public void ThrowIfTaken(string host)
    {
        if (_hosts.ContainsKey(host))
            throw Taken(host);
    }

    public void Remove(string host)
    {
        if (_hosts.TryRemove(host, out var invoker) && invoker.IsValueCreated)
            invoker.Value.Dispose();
    }

    static InvalidOperationException Taken(string host) =>
        new($"The test environment already has a host {host}. Give each service and each replica its own name.");

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _hosts.TryGetValue(request.RequestUri!.Host, out var invoker)
            ? invoker.Value.SendAsync(request, cancellationToken)
            : throw new HttpRequestException(HttpRequestError.NameResolutionError,
                $"The test environment has no host {request.RequestUri.Host}.");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var host in _hosts.Keys)
                Remove(host);
        }

        base.Dispose(disposing);
    }
}

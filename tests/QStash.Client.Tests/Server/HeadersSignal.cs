namespace QStash.Client.Tests;

/// <summary>Tells when the headers of an answer have reached the client, while its body is still to come.</summary>
sealed class HeadersSignal : DelegatingHandler
{
    readonly TaskCompletionSource _arrived = new();

    public Task Arrived => _arrived.Task.WaitAsync(Cancellation);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        _arrived.TrySetResult();
        return response;
    }
}

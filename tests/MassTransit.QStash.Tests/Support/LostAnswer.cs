namespace MassTransit.QStash.Tests.Support;

/// <summary>
/// Loses the answer to the first publish, after QStash accepted it.
/// </summary>
sealed class LostAnswer : DelegatingHandler
{
    int _lost;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);

        if (request.RequestUri!.AbsolutePath.StartsWith("/v2/publish", StringComparison.Ordinal) && Interlocked.Exchange(ref _lost, 1) == 0)
            throw new HttpRequestException("The connection was reset.");

        return response;
    }
}

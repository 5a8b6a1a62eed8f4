namespace OrderFlow.Running;

/// <summary>
/// Looks at the calls to the QStash API for one that carries several messages.
/// </summary>
sealed class BatchWatch(FlowTrace trace) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri?.AbsolutePath == "/v2/batch")
            trace.Seen(FlowStep.SendsBatched, "what was sent at the same time went in one call");

        return base.SendAsync(request, cancellationToken);
    }
}

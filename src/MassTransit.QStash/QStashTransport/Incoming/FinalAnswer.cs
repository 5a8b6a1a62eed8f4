using System.Globalization;
using MassTransit.QStashTransport.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// An answer that reaches QStash unchanged. It is an acknowledgement, so no part of the application may change it: it is complete before
/// any middleware sees it, and it bypasses a response body that a middleware has wrapped.
/// </summary>
/// <param name="outcome">How the delivery ended.</param>
/// <param name="retried">The number of earlier attempts.</param>
/// <param name="body">The reason as JSON; empty for none.</param>
/// <param name="proof">Proves that this transport wrote the reason; null if there is no reason.</param>
readonly struct FinalAnswer(DeliveryOutcome outcome, int retried, byte[] body, string? proof)
{
    readonly DeliveryAnswer _answer = DeliveryAnswer.For(outcome);

    public async Task Send(HttpContext http)
    {
        http.Features.Get<UntouchedDelivery>()?.Answer = this;
        ApplyTo(http.Response);

        // Write to the server itself: its feature for the head of a response also has the body, and middleware does not replace that
        // feature.
        var server = http.Features.Get<IHttpResponseFeature>() as IHttpResponseBodyFeature
            ?? http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();

        try
        {
            if (body.Length > 0)
                await server.Writer.WriteAsync(body, http.RequestAborted).ConfigureAwait(false);

            await server.CompleteAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The connection is gone, and QStash will deliver again.
        }
    }

    public void ApplyTo(HttpResponse response)
    {
        response.StatusCode = _answer.StatusCode;
        response.ContentLength = body.Length;
        response.ContentType = body.Length > 0 ? "application/json; charset=utf-8" : null;

        var headers = response.Headers;
        headers.ContentEncoding = default;
        headers.Allow = outcome == DeliveryOutcome.NotPost ? HttpMethods.Post : default;
        headers.RetryAfter = _answer.HasRetryAfter
            ? DeliveryAnswer.RetryAfterSeconds(outcome, retried).ToString(CultureInfo.InvariantCulture)
            : default;
        headers[ReasonText.NonRetryableHeader] = _answer.IsNonRetryable ? "true" : default;
        headers[AccountProof.HeaderName] = proof;
    }
}

using System.Globalization;
using MassTransit.QStashTransport.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using QStash.Client;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// Handles a delivery: finds the endpoint, verifies the token, reads the body and verifies it, runs the pipeline, and answers.
/// </summary>
sealed partial class QStashRequestHandler(IncomingServices[] buses, AnswerMetrics metrics, ILogger<QStashRequestHandler> logger)
{
    public const string EndpointRouteValue = "endpoint";

    readonly Refusals _refusals = new(logger, buses[0].Time);

    /// <summary>Handles a request to a route that names the endpoint.</summary>
    public Task HandleRoute(HttpContext http) => Handle(http, (string?)http.GetRouteValue(EndpointRouteValue) ?? "");

    public async Task Handle(HttpContext http, string endpointName)
    {
        // The message must not be consumed, because it could no longer be answered.
        if (http.Response.HasStarted)
        {
            AnsweredBefore(logger, http.Response.StatusCode);
            http.Abort();
            return;
        }

        try
        {
            if (!HttpMethods.IsPost(http.Request.Method))
            {
                await Answer(http, DeliveryOutcome.NotPost).ConfigureAwait(false);
                return;
            }

            var found = Find(endpointName);
            var result = found is { } receiver
                ? await Deliver(http, receiver.Bus, receiver.Target).ConfigureAwait(false)
                : _refusals.UnknownEndpoint(endpointName);

            metrics.Count(found?.Target, result.Outcome);
            await Answer(http, result, found).ConfigureAwait(false);
        }
        catch (Exception exception) when (http.RequestAborted.IsCancellationRequested)
        {
            RequestAborted(logger, exception);

            // Either the client is gone, or a middleware of the application has aborted the request while QStash still waits. Without this
            // answer the server would send its default, 200, which acknowledges a message that was not handled.
            await Answer(http, DeliveryOutcome.Canceled).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // An exception handler of the application might answer with anything.
            await Answer(http, DeliveryOutcome.Failed).ConfigureAwait(false);
            Unexpected(logger, ReadableException.Of(exception));
        }
    }

    async ValueTask<DeliveryResult> Deliver(HttpContext http, IncomingServices bus, IDeliveryTarget target)
    {
        if (http.Request.ContentLength > bus.BodyLimit)
            return _refusals.TooLarge(target.InputAddress, bus.BodyLimit);

        var signature = http.Request.Headers["Upstash-Signature"].ToString();

        // The token is checked against the public URL of the endpoint, not the URL of the request: behind a proxy they differ.
        var url = target.InputAddress.AbsoluteUri;
        var verifier = bus.Verifiers.For(http.Request.Headers["Upstash-Region"].ToString());

        // The token is verified before the body is read, so that a large or slow body of a stranger costs nothing.
        var verification = verifier.VerifyToken(signature, url, out var token, keepsId: bus.ReplayGuard is not null);

        if (verification != QStashSignatureResult.Valid)
            return _refusals.NotVerified(target.InputAddress, verification, verifier, signature, bus.ClockTolerance);

        MessageBody body;
        try
        {
            using var received = new RequestBody();

            if (!await received.TryRead(http.Request, bus.BodyLimit, http.RequestAborted).ConfigureAwait(false))
                return _refusals.TooLarge(target.InputAddress, bus.BodyLimit);

            verification = received.Verify(verifier, token);

            if (verification != QStashSignatureResult.Valid)
                return _refusals.NotVerified(target.InputAddress, verification, verifier, signature, bus.ClockTolerance);

            body = received.ToMessageBody(http.Request.ContentType);
        }
        catch (IOException exception)
        {
            return _refusals.Incomplete(target.InputAddress, exception);
        }

        var encoding = http.Features.Get<UntouchedDelivery>()?.ContentEncoding ?? http.Request.Headers.ContentEncoding.ToString();

        var headers = new KeyValuePair<string, StringValues>[http.Request.Headers.Count];
        http.Request.Headers.CopyTo(headers, 0);
        var bound = BoundHeaders.Of(headers);

        if (!bus.HeaderBinding.Admits(signature, token.Identity, bound, encoding))
            return _refusals.HeadersChanged(target.InputAddress);

        // The trace of the request is visible only here, outside of the work.
        var delivery = new QStashDelivery(headers, bound, body, bus.Proof);

        if (!target.HasStarted)
            return DeliveryOutcome.NotReady;

        if (bus.ReplayGuard is { } guard
            && await guard.Refuse(token.Identity, target.InputAddress, http.RequestAborted).ConfigureAwait(false) is { } refused)
            return refused;

        var result = await target.Deliver(delivery, http).ConfigureAwait(false);

        // This header is not signed, so it only explains a failure and decides nothing.
        return encoding.Length > 0 ? result with { Reason = result.Reason?.WithEncoding(encoding) } : result;
    }

    /// <summary>The public address of the endpoint with a name; null if there is none.</summary>
    public Uri? FindAddress(string endpointName) => Find(endpointName)?.Target.InputAddress;

    (IncomingServices Bus, IDeliveryTarget Target)? Find(string endpointName)
    {
        foreach (var bus in buses)
        {
            if (bus.FindEndpoint(endpointName) is { } target)
                return (bus, target);
        }

        return null;
    }

    Task Answer(HttpContext http, DeliveryResult result, (IncomingServices Bus, IDeliveryTarget Target)? found = null)
    {
        // A consumer can get the request, and write its own answer. QStash would take that for ours.
        if (http.Response.HasStarted)
        {
            if (!DeliveryAnswer.For(result.Outcome).IsAcknowledgement)
            {
                AnsweredMeanwhile(logger, http.Response.StatusCode, result.Outcome);
                http.Abort();
            }

            return Task.CompletedTask;
        }

        _ = int.TryParse(http.Request.Headers["Upstash-Retried"], NumberStyles.None, CultureInfo.InvariantCulture, out var retried);
        byte[] body = result.Reason is null ? [] : ReasonText.Write(result.Reason);

        // The proof shows that the answer is from this transport when QStash reports it.
        var proof = body.Length > 0 && found is { } receiver
            ? receiver.Bus.Proof.Create(AccountProof.Answer, http.Request.Headers["Upstash-Message-Id"].ToString(), body,
                receiver.Target.InputAddress.AbsoluteUri)
            : null;

        return new FinalAnswer(result.Outcome, retried, body, proof).Send(http);
    }

    [LoggerMessage(8, LogLevel.Error, "Aborted a delivery: something in the application had begun to answer with {StatusCode} "
        + "before the routes of MapQStash() were reached, and QStash would have taken that for the answer")]
    static partial void AnsweredBefore(ILogger logger, int statusCode);

    [LoggerMessage(12, LogLevel.Error, "Aborted a delivery that ended as {Outcome}: something in the application, such as a consumer, "
        + "had begun to answer with {StatusCode}, and QStash would have taken that for the answer")]
    static partial void AnsweredMeanwhile(ILogger logger, int statusCode, DeliveryOutcome outcome);

    [LoggerMessage(9, LogLevel.Error, "A delivery could not be handled, and will come again")]
    static partial void Unexpected(ILogger logger, Exception exception);

    [LoggerMessage(4, LogLevel.Debug, "A delivery was given up by the other side, or cut off by the application")]
    static partial void RequestAborted(ILogger logger, Exception exception);
}

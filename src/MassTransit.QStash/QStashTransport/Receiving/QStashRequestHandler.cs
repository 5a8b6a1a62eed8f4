using System.Globalization;
using MassTransit.QStashTransport.Configuration;
using MassTransit.QStashTransport.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using QStash.Client;

namespace MassTransit.QStashTransport.Receiving;

/// <summary>
/// The way of a delivery in: find the endpoint, verify the token, read the body, verify it too, run the pipeline, answer.
/// </summary>
sealed partial class QStashRequestHandler(QStashHostConfiguration[] hosts, AnswerMetrics metrics, ILogger<QStashRequestHandler> logger)
{
    public const string EndpointRouteValue = "endpoint";

    readonly RefusalLog _refusals = new(logger, hosts[0].TimeProvider);

    /// <summary>Handles a request to a route that names the endpoint.</summary>
    public Task HandleRoute(HttpContext http) => Handle(http, (string?)http.GetRouteValue(EndpointRouteValue) ?? "");

    public async Task Handle(HttpContext http, string endpointName)
    {
        // Whatever is consumed now could not be answered for any more.
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

            var (host, transport) = Find(endpointName);

            var (outcome, reason) = host is not null && transport is not null
                ? await Deliver(http, host, transport).ConfigureAwait(false)
                : Refuse(endpointName);

            metrics.Count(transport, outcome);

            await Answer(http, outcome, reason, host, transport).ConfigureAwait(false);
        }
        catch (Exception exception) when (http.RequestAborted.IsCancellationRequested)
        {
            RequestAborted(logger, exception);

            // Whoever asked is gone; or a middleware of the application has cut the request off, and somebody waits for the answer.
            // That would be the server's own, 200, which acknowledges what was not handled (AP3).
            await AnswerInstead(http, DeliveryOutcome.Canceled).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // An exception handler of the application might answer with anything.
            await AnswerInstead(http, DeliveryOutcome.Failed).ConfigureAwait(false);

            Unexpected(logger, ReadableException.Of(exception));
        }
    }

    /// <exception cref="ConfigurationException">A name does not tell to which bus a delivery goes.</exception>
    public static void CheckNames(IReadOnlyList<QStashHostConfiguration> hosts, string where, string remedy)
    {
        var taken = hosts.SelectMany(host => host.EndpointNames).GroupBy(name => name, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(names => names.Count() > 1);

        if (taken is not null)
            throw new ConfigurationException($"Two buses have a receive endpoint '{taken.Key}' {where}. {remedy}");
    }

    async ValueTask<(DeliveryOutcome, QStashDeadLetterReason?)> Deliver(HttpContext http, QStashHostConfiguration host, QStashReceiveTransport transport)
    {
        var limit = host.Settings.BodyLimit;
        if (http.Request.ContentLength > limit)
            return TooLarge(transport, limit);

        var signature = http.Request.Headers["Upstash-Signature"].ToString();

        // Against the public URL of the endpoint, not the one of the request: behind a proxy they differ.
        var url = transport.InputAddress.AbsoluteUri;
        var verifier = host.Verifiers.For(http.Request.Headers["Upstash-Region"].ToString());

        // A stranger's body is not waited for, so it holds nothing, however large or slow it is (S1).
        var verification = verifier.VerifyToken(signature, url, out var token, keepsId: host.ReplayGuard is not null);
        if (verification != QStashSignatureResult.Valid)
            return Refuse(host, transport, verification, () => verifier.Explain(signature, url));

        MessageBody body;
        try
        {
            using var received = await RequestBody.Read(http.Request, limit, http.RequestAborted).ConfigureAwait(false);
            if (received is null)
                return TooLarge(transport, limit);

            verification = received.Verify(verifier, token);
            if (verification != QStashSignatureResult.Valid)
                return Refuse(host, transport, verification, () => verifier.Explain(signature, url));

            body = received.ToMessageBody(http.Request.ContentType);
        }
        catch (IOException exception)
        {
            BodyIncomplete(logger, exception, transport.InputAddress);

            return (DeliveryOutcome.Incomplete, null);
        }

        var encoding = http.Features.Get<UntouchedDelivery>()?.ContentEncoding ?? http.Request.Headers.ContentEncoding.ToString();
        if (!host.HeaderBinding.Admits(signature, token.Identity, http.Request.Headers, encoding))
            return HeadersChanged(transport);

        if (!transport.HasStarted)
            return (DeliveryOutcome.NotReady, null);

        if (host.ReplayGuard is { } guard && await guard.Refuse(token.Identity, transport.InputAddress, http.RequestAborted).ConfigureAwait(false) is { } refused)
            return (refused, null);

        var (outcome, reason) = await transport.Deliver(new QStashDelivery(http.Request.Headers, body, host.Proof), http).ConfigureAwait(false);

        // Nobody vouches for this header, so it decides nothing.
        return (outcome, encoding.Length > 0 ? reason?.WithEncoding(encoding) : reason);
    }

    // What is said here, anybody may hear: nothing has been verified, and it is what he asked with that is said back.
    (DeliveryOutcome, QStashDeadLetterReason?) Refuse(string endpointName)
    {
        if (EndpointName.IsTemporary(endpointName) && LegalName.IsEndpoint(endpointName))
        {
            if (_refusals.Admits("another replica has the endpoint"))
                OtherReplica(logger, endpointName);

            return (DeliveryOutcome.OtherReplica, new QStashDeadLetterReason("otherReplica")
            {
                Message = "This replica does not have the temporary endpoint, which another one made: each replica needs an address of its own, or the load balancer has to come to the right one.",
            });
        }

        // Anybody can send this; what could not be a name is not worth a line.
        if (LegalName.IsEndpoint(endpointName) && _refusals.Admits("unknown endpoint"))
            UnknownEndpoint(logger, endpointName);

        return (DeliveryOutcome.UnknownEndpoint, new QStashDeadLetterReason("unknownEndpoint") { Message = "This service has no receive endpoint of that name." });
    }

    (DeliveryOutcome, QStashDeadLetterReason?) Refuse(QStashHostConfiguration host, QStashReceiveTransport transport,
        QStashSignatureResult verification, Func<QStashRefusal> explain)
    {
        if (_refusals.Admits(verification.ToString()))
        {
            var (refusal, own) = (explain(), transport.InputAddress);

            if (refusal.SignedFor is { } signedFor)
                OtherAddress(logger, own, SignedAddress.Show(signedFor), SignedAddress.Compare(signedFor, own.AbsoluteUri));
            else if (refusal.ClockDifference is { } clock)
                OtherTime(logger, own, verification, clock.Duration(), clock < TimeSpan.Zero ? "behind" : "ahead of", host.Settings.ToleratedClockDifference);
            else
                NotVerified(logger, own, verification);
        }

        return (DeliveryOutcome.NotVerified, null);
    }

    (DeliveryOutcome, QStashDeadLetterReason?) TooLarge(QStashReceiveTransport transport, int limit)
    {
        if (_refusals.Admits("the body is too large"))
            BodyTooLarge(logger, transport.InputAddress, limit);

        return (DeliveryOutcome.TooLarge, null);
    }

    (DeliveryOutcome, QStashDeadLetterReason?) HeadersChanged(QStashReceiveTransport transport)
    {
        if (_refusals.Admits("other headers"))
            OtherHeaders(logger, transport.InputAddress);

        return (DeliveryOutcome.NotVerified, null);
    }

    (QStashHostConfiguration?, QStashReceiveTransport?) Find(string endpointName)
    {
        foreach (var host in hosts)
        {
            if (host.TryGetReceiveTransport(endpointName, out var transport))
                return (host, transport);
        }

        return (null, null);
    }

    static Task AnswerInstead(HttpContext http, DeliveryOutcome outcome) =>
        http.Response.HasStarted ? Task.CompletedTask : Answer(http, outcome);

    static Task Answer(HttpContext http, DeliveryOutcome outcome, QStashDeadLetterReason? reason = null, QStashHostConfiguration? host = null,
        QStashReceiveTransport? transport = null)
    {
        _ = int.TryParse(http.Request.Headers["Upstash-Retried"], NumberStyles.None, CultureInfo.InvariantCulture, out var retried);

        byte[] body = reason is null ? [] : ReasonText.Write(reason);

        // By which the answer is known as one of ours when QStash reports it.
        var proof = body.Length > 0 && host is not null && transport is not null
            ? host.Proof.Create(AccountProof.Answer, http.Request.Headers["Upstash-Message-Id"].ToString(), body, transport.InputAddress.AbsoluteUri)
            : null;

        return new FinalAnswer(outcome, retried, body, proof).Send(http);
    }

    [LoggerMessage(1, LogLevel.Warning, "Refused a delivery to {InputAddress}: {Verification}")]
    static partial void NotVerified(ILogger logger, Uri inputAddress, QStashSignatureResult verification);

    [LoggerMessage(10, LogLevel.Warning, "Refused a delivery to {InputAddress}: QStash signed it for {SignedFor}{Difference}. "
        + "All else is right, so look for a setting or a proxy before an attack: "
        + "BaseAddress (QStash:BaseAddress) and PathPrefix must give the address that messages are sent to, letter by letter")]
    static partial void OtherAddress(ILogger logger, Uri inputAddress, string signedFor, string difference);

    [LoggerMessage(11, LogLevel.Warning, "Refused a delivery to {InputAddress}: {Verification}. "
        + "The clock of this machine is {ClockDifference} {Direction} the moment of signing, and {ClockTolerance} is tolerated (QStash:ClockTolerance). "
        + "Set the clock; if it is right, the delivery was held up or sent again")]
    static partial void OtherTime(ILogger logger, Uri inputAddress, QStashSignatureResult verification, TimeSpan clockDifference, string direction, TimeSpan clockTolerance);

    [LoggerMessage(2, LogLevel.Warning, "Refused a delivery to {InputAddress}: the body is larger than {MaxBodySize} bytes (QStash:MaxBodySize)")]
    static partial void BodyTooLarge(ILogger logger, Uri inputAddress, int maxBodySize);

    [LoggerMessage(20, LogLevel.Warning, "Refused a delivery to {InputAddress}: its token came before with other headers. Somebody changes captured deliveries, or a proxy that repeats requests changes Content-Type or headers of QStash")]
    static partial void OtherHeaders(ILogger logger, Uri inputAddress);

    [LoggerMessage(3, LogLevel.Warning, "Refused a delivery to an unknown receive endpoint: {EndpointName}")]
    static partial void UnknownEndpoint(ILogger logger, string endpointName);

    [LoggerMessage(6, LogLevel.Warning, "Refused a delivery to {EndpointName}, which another replica has, or one that is gone. Give each replica an address of its own with QStash:InstanceBaseAddress")]
    static partial void OtherReplica(ILogger logger, string endpointName);

    // Not worth more: anybody with a token can send half a body, and QStash sends the whole one again.
    [LoggerMessage(5, LogLevel.Debug, "A delivery to {InputAddress} broke off, or came too slowly")]
    static partial void BodyIncomplete(ILogger logger, Exception exception, Uri inputAddress);

    [LoggerMessage(8, LogLevel.Error, "Broke off a delivery: something in the application had begun to answer with {StatusCode} "
        + "before the routes of MapQStash() were reached, and QStash would have taken that for the answer")]
    static partial void AnsweredBefore(ILogger logger, int statusCode);

    [LoggerMessage(9, LogLevel.Error, "A delivery could not be handled, and will come again")]
    static partial void Unexpected(ILogger logger, Exception exception);

    [LoggerMessage(4, LogLevel.Debug, "A delivery was given up by the other side, or cut off by the application")]
    static partial void RequestAborted(ILogger logger, Exception exception);
}

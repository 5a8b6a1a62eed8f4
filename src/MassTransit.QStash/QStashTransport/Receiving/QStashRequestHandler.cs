using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using MassTransit.QStashTransport.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using QStash.Client;

namespace MassTransit.QStashTransport.Receiving;

/// <summary>
/// The way of a delivery in: find the endpoint, read the body, verify the signature over it, run the pipeline, answer.
/// </summary>
sealed partial class QStashRequestHandler(IReadOnlyList<QStashHostConfiguration> hosts, AnswerMetrics metrics, ILogger<QStashRequestHandler> logger)
{
    public const string EndpointRouteValue = "endpoint";

    static readonly JsonSerializerOptions ReasonOptions = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public async Task Handle(HttpContext http)
    {
        try
        {
            var endpointName = (string?)http.GetRouteValue(EndpointRouteValue) ?? "";
            var (host, transport) = Find(endpointName);

            var (outcome, reason) = host is not null && transport is not null
                ? await Deliver(http, host, transport).ConfigureAwait(false)
                : (DeliveryOutcome.UnknownEndpoint, null);

            // Anybody can send this; what could not be a name is not worth a line.
            if (outcome == DeliveryOutcome.UnknownEndpoint && EndpointName.IsLegal(endpointName))
                UnknownEndpoint(logger, endpointName);

            metrics.Count(transport, outcome);

            await Answer(http, outcome, reason).ConfigureAwait(false);
        }
        catch (Exception exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked is gone: nobody to answer, QStash tries again.
            RequestAborted(logger, exception);
        }
    }

    async Task<(DeliveryOutcome, DeadLetterReason?)> Deliver(HttpContext http, QStashHostConfiguration host, QStashReceiveTransport transport)
    {
        var body = await RequestBody.Read(http.Request, host.Settings.BodyLimit, http.RequestAborted).ConfigureAwait(false);
        if (body is null)
        {
            BodyTooLarge(logger, transport.InputAddress, host.Settings.BodyLimit);

            return (DeliveryOutcome.TooLarge, null);
        }

        // Against the public URL of the endpoint, not the one of the request: behind a proxy they differ (sharp edge 39).
        var verification = host.Verifiers.For(http.Request.Headers["Upstash-Region"].ToString())
            .Verify(http.Request.Headers["Upstash-Signature"].ToString(), body, transport.InputAddress.AbsoluteUri);
        if (verification != QStashSignatureResult.Valid)
        {
            NotVerified(logger, transport.InputAddress, verification);

            return (DeliveryOutcome.NotVerified, null);
        }

        return transport.Receiver is { } receiver
            ? await receiver.Deliver(new QStashDelivery(http.Request.Headers, body), http.RequestAborted).ConfigureAwait(false)
            : (DeliveryOutcome.NotReady, null);
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

    static async Task Answer(HttpContext http, DeliveryOutcome outcome, DeadLetterReason? reason)
    {
        var answer = DeliveryAnswer.For(outcome);
        var response = http.Response;

        response.StatusCode = answer.StatusCode;

        if (answer.HasRetryAfter)
        {
            _ = int.TryParse(http.Request.Headers["Upstash-Retried"], NumberStyles.None, CultureInfo.InvariantCulture, out var retried);
            response.Headers.RetryAfter = DeliveryAnswer.RetryAfterSeconds(retried).ToString(CultureInfo.InvariantCulture);
        }

        if (answer.IsNonRetryable)
            response.Headers["Upstash-NonRetryable-Error"] = "true";

        if (reason is not null)
            await response.WriteAsJsonAsync(reason, ReasonOptions, http.RequestAborted).ConfigureAwait(false);
    }

    [LoggerMessage(1, LogLevel.Warning, "Refused a delivery to {InputAddress}: {Verification}")]
    static partial void NotVerified(ILogger logger, Uri inputAddress, QStashSignatureResult verification);

    [LoggerMessage(2, LogLevel.Warning, "Refused a delivery to {InputAddress}: the body is larger than {MaxBodySize} bytes (QStash:MaxBodySize)")]
    static partial void BodyTooLarge(ILogger logger, Uri inputAddress, int maxBodySize);

    [LoggerMessage(3, LogLevel.Warning, "Refused a delivery to an unknown receive endpoint: {EndpointName}. If it is the temporary one of another replica (its name contains _bus_), give each replica an address of its own with QStash:InstanceBaseAddress")]
    static partial void UnknownEndpoint(ILogger logger, string endpointName);

    [LoggerMessage(4, LogLevel.Debug, "A delivery was given up by the other side")]
    static partial void RequestAborted(ILogger logger, Exception exception);
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using MassTransit.QStashTransport.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using QStash.Client;

namespace MassTransit.QStashTransport.Receiving;

/// <summary>
/// The way of a delivery in: find the endpoint, read the body, verify the signature over it, run the pipeline, answer.
/// </summary>
sealed partial class QStashRequestHandler(IReadOnlyList<QStashHostConfiguration> hosts, ILogger<QStashRequestHandler> logger)
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
            var (outcome, reason) = await Deliver(http).ConfigureAwait(false);

            await Answer(http, outcome, reason).ConfigureAwait(false);
        }
        catch (Exception exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked is gone: nobody to answer, QStash tries again.
            RequestAborted(logger, exception);
        }
    }

    async Task<(DeliveryOutcome, DeadLetterReason?)> Deliver(HttpContext http)
    {
        if (!TryFind((string?)http.GetRouteValue(EndpointRouteValue) ?? "", out var host, out var transport))
        {
            var target = http.Features.Get<IHttpRequestFeature>()?.RawTarget;

            // "bus" is the tag of the endpoint that gets responses, in the name MassTransit generates for it.
            if (target?.Contains("_bus_", StringComparison.Ordinal) == true)
                ForeignBusEndpoint(logger, target);
            else
                UnknownEndpoint(logger, target);

            return (DeliveryOutcome.UnknownEndpoint, null);
        }

        var body = await RequestBody.Read(http.Request, host.Settings.MaxRequestBodySize, http.RequestAborted).ConfigureAwait(false);
        if (body is null)
        {
            BodyTooLarge(logger, transport.InputAddress, host.Settings.MaxRequestBodySize);

            return (DeliveryOutcome.TooLarge, null);
        }

        // Against the public URL of the endpoint, not the one of the request: behind a proxy they differ (sharp edge 39).
        var verification = host.Verifier.Verify(http.Request.Headers["Upstash-Signature"].ToString(), body, transport.InputAddress.AbsoluteUri);
        if (verification != QStashSignatureResult.Valid)
        {
            NotVerified(logger, transport.InputAddress, verification);

            return (DeliveryOutcome.NotVerified, null);
        }

        return transport.Receiver is { } receiver
            ? await receiver.Deliver(new QStashDelivery(http.Request.Headers, body), http.RequestAborted).ConfigureAwait(false)
            : (DeliveryOutcome.NotReady, null);
    }

    bool TryFind(string endpointName, out QStashHostConfiguration host, out QStashReceiveTransport transport)
    {
        foreach (var candidate in hosts)
        {
            if (candidate.TryGetReceiveTransport(endpointName, out transport!))
            {
                host = candidate;
                return true;
            }
        }

        (host, transport) = (null!, null!);
        return false;
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

    [LoggerMessage(3, LogLevel.Warning, "Refused a delivery to an unknown receive endpoint: {RequestTarget}")]
    static partial void UnknownEndpoint(ILogger logger, string? requestTarget);

    [LoggerMessage(5, LogLevel.Error, "A response for another process, or one that has ended, arrived here: {RequestTarget}. If several replicas share the base address, give each its own with QStash:InstanceBaseAddress")]
    static partial void ForeignBusEndpoint(ILogger logger, string requestTarget);

    [LoggerMessage(4, LogLevel.Debug, "A delivery was given up by the other side")]
    static partial void RequestAborted(ILogger logger, Exception exception);
}

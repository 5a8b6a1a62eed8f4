using MassTransit.QStashTransport.Addresses;
using MassTransit.QStashTransport.Wire;
using Microsoft.Extensions.Logging;
using QStash.Client;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// Logs why deliveries are refused, at most a few times a minute for each reason, and gives their outcome.
/// </summary>
sealed partial class Refusals(ILogger logger, TimeProvider timeProvider)
{
    readonly RefusalLog _log = new(logger, timeProvider);

    // This answer goes to anybody, because nothing has been verified. It tells no more than the request already said.
    public DeliveryResult UnknownEndpoint(string endpointName)
    {
        if (EndpointName.LooksTemporary(endpointName) && LegalName.IsEndpoint(endpointName))
        {
            if (_log.Admits("another replica has the endpoint"))
                OtherReplica(logger, endpointName);

            return new(DeliveryOutcome.OtherReplica, new QStashDeadLetterReason("otherReplica")
            {
                Message = "This replica does not have the temporary endpoint, which another one made: each replica needs an address of its "
                    + "own, or the load balancer has to come to the right one.",
            });
        }

        // Anybody can send this. A text that cannot be a name is not logged.
        if (LegalName.IsEndpoint(endpointName) && _log.Admits("unknown endpoint"))
            UnknownEndpoint(logger, endpointName);

        return new(DeliveryOutcome.UnknownEndpoint, new QStashDeadLetterReason("unknownEndpoint")
        {
            Message = "This service has no receive endpoint of that name.",
        });
    }

    public DeliveryOutcome NotVerified(Uri inputAddress, QStashSignatureResult verification, QStashSignatureVerifier verifier,
        string signature, TimeSpan clockTolerance)
    {
        if (_log.Admits(verification.ToString()))
        {
            var refusal = verifier.Explain(signature, inputAddress.AbsoluteUri);

            if (refusal.SignedFor is { } signedFor)
                OtherAddress(logger, inputAddress, SignedAddress.Show(signedFor),
                    SignedAddress.Compare(signedFor, inputAddress.AbsoluteUri));
            else if (refusal.ClockDifference is { } clock)
                OtherTime(logger, inputAddress, verification, clock.Duration(), clock < TimeSpan.Zero ? "behind" : "ahead of",
                    clockTolerance);
            else
                NotVerified(logger, inputAddress, verification);
        }

        return DeliveryOutcome.NotVerified;
    }

    public DeliveryOutcome TooLarge(Uri inputAddress, int limit)
    {
        if (_log.Admits("the body is too large"))
            BodyTooLarge(logger, inputAddress, limit);

        return DeliveryOutcome.TooLarge;
    }

    public DeliveryOutcome HeadersChanged(Uri inputAddress)
    {
        if (_log.Admits("other headers"))
            OtherHeaders(logger, inputAddress);

        return DeliveryOutcome.NotVerified;
    }

    // The level is Debug: anybody with a token can send half a body, and QStash sends the whole body again.
    public DeliveryOutcome Incomplete(Uri inputAddress, Exception exception)
    {
        BodyIncomplete(logger, exception, inputAddress);

        return DeliveryOutcome.Incomplete;
    }

    [LoggerMessage(1, LogLevel.Warning, "Refused a delivery to {InputAddress}: {Verification}")]
    static partial void NotVerified(ILogger logger, Uri inputAddress, QStashSignatureResult verification);

    [LoggerMessage(10, LogLevel.Warning, "Refused a delivery to {InputAddress}: QStash signed it for {SignedFor}{Difference}. "
        + "Everything else is right, so suspect a setting or a proxy before an attack: BaseAddress (QStash:BaseAddress) and PathPrefix "
        + "must give the address that messages are sent to, letter by letter")]
    static partial void OtherAddress(ILogger logger, Uri inputAddress, string signedFor, string difference);

    [LoggerMessage(11, LogLevel.Warning, "Refused a delivery to {InputAddress}: {Verification}. "
        + "The clock of this machine is {ClockDifference} {Direction} the moment of signing, and {ClockTolerance} is tolerated "
        + "(QStash:ClockTolerance). Set the clock; if it is right, the delivery was held up or sent again")]
    static partial void OtherTime(
        ILogger logger, Uri inputAddress, QStashSignatureResult verification, TimeSpan clockDifference, string direction,
            TimeSpan clockTolerance);

    [LoggerMessage(2, LogLevel.Warning, "Refused a delivery to {InputAddress}: the body is larger than {MaxBodySize} bytes "
        + "(QStash:MaxBodySize)")]
    static partial void BodyTooLarge(ILogger logger, Uri inputAddress, int maxBodySize);

    [LoggerMessage(20, LogLevel.Warning, "Refused a delivery to {InputAddress}: its token came before with other headers. "
        + "Somebody changes captured deliveries, or a proxy that repeats requests changes Content-Type or headers of QStash")]
    static partial void OtherHeaders(ILogger logger, Uri inputAddress);

    [LoggerMessage(3, LogLevel.Warning, "Refused a delivery to an unknown receive endpoint: {EndpointName}")]
    static partial void UnknownEndpoint(ILogger logger, string endpointName);

    [LoggerMessage(6, LogLevel.Warning, "Refused a delivery to {EndpointName}, which another replica has, or one that is gone. "
        + "Give each replica an address of its own with QStash:InstanceBaseAddress")]
    static partial void OtherReplica(ILogger logger, string endpointName);

    [LoggerMessage(5, LogLevel.Debug, "A delivery to {InputAddress} broke off, or came too slowly")]
    static partial void BodyIncomplete(ILogger logger, Exception exception, Uri inputAddress);
}

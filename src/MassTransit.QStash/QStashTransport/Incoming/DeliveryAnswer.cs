using MassTransit.QStashTransport.Wire;
using Microsoft.AspNetCore.Http;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// The answer to a delivery. QStash takes any 2xx as done and retries after every other status, except after 489 with the header
/// <c>Upstash-NonRetryable-Error</c>.
/// </summary>
readonly record struct DeliveryAnswer(int StatusCode, bool IsNonRetryable = false, bool HasRetryAfter = false)
{
    /// <summary>Whether QStash takes the message as done.</summary>
    public bool IsAcknowledgement => StatusCode == StatusCodes.Status200OK;

    public static DeliveryAnswer For(DeliveryOutcome outcome) => outcome switch
    {
        DeliveryOutcome.Consumed => new(StatusCodes.Status200OK),
        DeliveryOutcome.OutOfSchedule => new(StatusCodes.Status200OK),
        DeliveryOutcome.Faulted => new(ReasonText.NonRetryableStatus, IsNonRetryable: true),
        DeliveryOutcome.Skipped => new(ReasonText.NonRetryableStatus, IsNonRetryable: true),
        DeliveryOutcome.Expired => new(StatusCodes.Status200OK),
        DeliveryOutcome.ExpiredToDeadLetter => new(ReasonText.NonRetryableStatus, IsNonRetryable: true),
        DeliveryOutcome.Failed => new(StatusCodes.Status500InternalServerError),
        DeliveryOutcome.Canceled => new(StatusCodes.Status503ServiceUnavailable, HasRetryAfter: true),
        DeliveryOutcome.NotReady => new(StatusCodes.Status503ServiceUnavailable, HasRetryAfter: true),
        DeliveryOutcome.OtherReplica => new(StatusCodes.Status404NotFound, HasRetryAfter: true),
        DeliveryOutcome.UnknownEndpoint => new(StatusCodes.Status404NotFound),
        DeliveryOutcome.NotVerified => new(StatusCodes.Status401Unauthorized),
        DeliveryOutcome.TooLarge => new(StatusCodes.Status413PayloadTooLarge),
        DeliveryOutcome.Incomplete => new(StatusCodes.Status400BadRequest),
        DeliveryOutcome.NotPost => new(StatusCodes.Status405MethodNotAllowed),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };

    /// <summary>
    /// Seconds until the next attempt. One second if another replica has the endpoint, because a requester waits for the response. After a
    /// 503 a few seconds at first, because the service is usually back soon, and then more: each attempt uses up one of the message's
    /// retries (3 by default), and they must last for a slow deployment. In total the delays are as long as QStash's own back-off, half an
    /// hour.
    /// </summary>
    public static int RetryAfterSeconds(DeliveryOutcome outcome, int retried) => (outcome, retried) switch
    {
        (DeliveryOutcome.OtherReplica, _) => 1,
        (_, 0) => 5,
        (_, 1) => 300,
        _ => 1800,
    };
}

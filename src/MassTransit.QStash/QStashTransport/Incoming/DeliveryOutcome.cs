namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// How a delivery can end. <see cref="DeliveryAnswer"/> holds the answer for each.
/// </summary>
enum DeliveryOutcome
{
    /// <summary>Consumed, or a redelivery of it was sent.</summary>
    Consumed,

    /// <summary>A schedule made the message before its start or after its end, so it is not consumed.</summary>
    OutOfSchedule,

    /// <summary>A consumer failed for good, or the body cannot be read; faults are published.</summary>
    Faulted,

    /// <summary>No consumer of the endpoint consumes the message.</summary>
    Skipped,

    /// <summary>The message's time to live was over when it arrived.</summary>
    Expired,

    /// <summary>Expired, on an endpoint that sends such messages to the dead letter queue.</summary>
    ExpiredToDeadLetter,

    /// <summary>The pipeline threw an exception, so QStash may repeat the attempt.</summary>
    Failed,

    /// <summary>Cut short by the end of the process or of the request.</summary>
    Canceled,

    /// <summary>The endpoint exists but is not running.</summary>
    NotReady,

    /// <summary>No endpoint of that name.</summary>
    UnknownEndpoint,

    /// <summary>The endpoint is temporary and belongs to another process.</summary>
    OtherReplica,

    /// <summary>Not sent by QStash, not to this URL, or not with this body.</summary>
    NotVerified,

    /// <summary>The body is larger than the limit.</summary>
    TooLarge,

    /// <summary>The body broke off, or came too slowly.</summary>
    Incomplete,

    /// <summary>The request has a method other than POST, so it is not a message.</summary>
    NotPost,
}

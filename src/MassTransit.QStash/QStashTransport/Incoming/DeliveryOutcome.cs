namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// How a delivery can end. <see cref="DeliveryAnswer"/> holds the answer for each.
/// </summary>
enum DeliveryOutcome
{
    /// <summary>Consumed, or a redelivery of it was sent.</summary>
    Consumed,

    /// <summary>Made by a schedule before its start or after its end, so there is nothing to consume.</summary>
    OutOfSchedule,

    /// <summary>A consumer failed for good, or the body cannot be read; faults are published.</summary>
    Faulted,

    /// <summary>No consumer of the endpoint wants the message.</summary>
    Skipped,

    /// <summary>The message's time to live was over when it arrived.</summary>
    Expired,

    /// <summary>The same, on an endpoint that wants to see such messages in the dead letter queue.</summary>
    ExpiredToDeadLetter,

    /// <summary>The pipeline let an exception out, so the attempt may be repeated.</summary>
    Failed,

    /// <summary>Cut short by the end of the process or of the request.</summary>
    Canceled,

    /// <summary>The endpoint exists but is not running.</summary>
    NotReady,

    /// <summary>No endpoint of that name.</summary>
    UnknownEndpoint,

    /// <summary>The endpoint belongs to one process, and not to this one.</summary>
    OtherReplica,

    /// <summary>Not sent by QStash, not to this URL, or not with this body.</summary>
    NotVerified,

    /// <summary>The body is larger than the limit.</summary>
    TooLarge,

    /// <summary>The body broke off, or came too slowly.</summary>
    Incomplete,

    /// <summary>Another method than POST, which no message comes with.</summary>
    NotPost,
}

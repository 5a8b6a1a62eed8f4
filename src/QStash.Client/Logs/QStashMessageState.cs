namespace QStash.Client;

/// <summary>A step in the life of a message.</summary>
public enum QStashMessageState
{
    /// <summary>A state this version does not know.</summary>
    Unknown,

    /// <summary>Accepted.</summary>
    Created,

    /// <summary>An attempt is about to start or running.</summary>
    Active,

    /// <summary>Waits for the next attempt.</summary>
    Retry,

    /// <summary>An attempt failed.</summary>
    Error,

    /// <summary>The destination answered 2xx.</summary>
    Delivered,

    /// <summary>All attempts failed; the message is in the dead letter queue.</summary>
    Failed,

    /// <summary>A cancel was requested.</summary>
    CancelRequested,

    /// <summary>Cancelled. Spelled <c>CANCELLED</c> or <c>CANCELED</c> on the wire.</summary>
    Cancelled,

    /// <summary>Active, retry or error; for filters only.</summary>
    InProgress,
}

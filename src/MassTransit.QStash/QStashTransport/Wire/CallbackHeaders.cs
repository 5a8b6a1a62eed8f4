namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// The headers that mark callbacks. QStash itself does not mark a callback, so the sender of the message asks for these headers.
/// </summary>
static class CallbackHeaders
{
    /// <summary>Marks a request as a callback, and tells its kind: <see cref="Attempt"/> or <see cref="Failure"/>.</summary>
    public const string Kind = "MassTransit-Callback";

    public const string Attempt = "attempt";
    public const string Failure = "failure";

    /// <summary>Data about a source message that plain JSON does not contain, in the form of <see cref="TransportHeaders"/>.</summary>
    public const string Source = "MassTransit-Callback-Source";

    /// <summary>Proves that the source message and the content of <see cref="Source"/> came from a bus of the account.</summary>
    public const string Proof = "MassTransit-Callback-Proof";
}

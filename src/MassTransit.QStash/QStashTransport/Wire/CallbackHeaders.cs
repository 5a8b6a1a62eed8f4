namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// The headers that callbacks come with. QStash marks a callback in no way, so the sender of the message asks for these.
/// </summary>
static class CallbackHeaders
{
    /// <summary>Says that this is a callback, and which: <see cref="Attempt"/> or <see cref="Failure"/>.</summary>
    public const string Kind = "MassTransit-Callback";

    public const string Attempt = "attempt";
    public const string Failure = "failure";

    /// <summary>What a source message as plain JSON does not say of itself, in the form of <see cref="TransportHeaders"/>.</summary>
    public const string Source = "MassTransit-Callback-Source";

    /// <summary>Proves that the source message came from a bus of the account, and what <see cref="Source"/> says.</summary>
    public const string Proof = "MassTransit-Callback-Proof";
}

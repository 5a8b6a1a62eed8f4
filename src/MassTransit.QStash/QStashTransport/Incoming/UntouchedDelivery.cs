namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// A delivery as the server got it, before the application's own middleware.
/// </summary>
sealed class UntouchedDelivery
{
    /// <summary>The encoding of the body; empty for none. The header is removed from the request.</summary>
    public string ContentEncoding { get; init; } = "";

    /// <summary>The answer, once it is known.</summary>
    public FinalAnswer? Answer { get; set; }
}

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// A delivery as the server got it, before the application's own middleware.
/// </summary>
sealed class UntouchedDelivery
{
    /// <summary>How the body is encoded; empty for plain. The request does not say so any more.</summary>
    public string ContentEncoding { get; init; } = "";

    /// <summary>What is to be answered, once that is known.</summary>
    public FinalAnswer? Answer { get; set; }
}

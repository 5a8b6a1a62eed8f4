namespace MassTransit.QStashTransport.Endpoints;

/// <summary>
/// A receive endpoint is not in its URL groups yet. The health check of the bus logs it at each probe, so its text is one line without a
/// stack trace.
/// </summary>
sealed class JoiningException(string message, Exception cause) : ConnectionException(message, cause)
{
    public override string ToString() => Message;
}

namespace MassTransit.QStashTransport.Endpoints;

/// <summary>
/// A receive endpoint is not in its URL groups yet. The health check of the bus logs it at each probe, and nobody has to look for its
/// cause in a stack trace: so it is a line.
/// </summary>
sealed class JoiningException(string message, Exception cause) : ConnectionException(message, cause)
{
    public override string ToString() => Message;
}

namespace QStash.Client;

/// <summary>
/// No answer arrived: the connection failed or an attempt took too long. Whether QStash carried out the call is unknown;
/// repeat a publish only with the same deduplication id.
/// </summary>
public sealed class QStashUnreachableException : QStashException
{
    internal QStashUnreachableException(string message, Exception innerException) : base(message, innerException: innerException)
    {
    }
}

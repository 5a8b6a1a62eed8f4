using System.Net;

namespace QStash.Client;

/// <summary>
/// A cancel by filter takes longer than one minute, the time that QStash lets a call wait (429). The cancel continues;
/// <see cref="IQStashClient.BulkActions"/> lists it. This is not a rate limit.
/// </summary>
public sealed class QStashBulkActionRunningException : QStashException
{
    internal QStashBulkActionRunningException(string message, HttpStatusCode statusCode, string? error) : base(message, statusCode, error)
    {
    }
}

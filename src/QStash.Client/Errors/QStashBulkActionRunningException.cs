using System.Net;

namespace QStash.Client;

/// <summary>
/// A cancel by filter takes longer than QStash lets a call wait, which is one minute (429). It goes on;
/// <see cref="IQStashClient.BulkActions"/> lists it. It is no rate limit.
/// </summary>
public sealed class QStashBulkActionRunningException : QStashException
{
    internal QStashBulkActionRunningException(string message, HttpStatusCode statusCode, string? error) : base(message, statusCode, error)
    {
    }
}

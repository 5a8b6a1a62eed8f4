using System.Net;

namespace QStash.Client;

/// <summary>
/// Too many cancels by filter are running, 1,000 for one account, so QStash does not accept another one now (412). Nothing was cancelled;
/// repeat the call later. This is not a quota of the plan.
/// </summary>
public sealed class QStashBulkActionLimitException : QStashException
{
    internal QStashBulkActionLimitException(string message, HttpStatusCode statusCode, string? error) : base(message, statusCode, error)
    {
    }
}

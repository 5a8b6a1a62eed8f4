using System.Net;

namespace QStash.Client;

/// <summary>
/// QStash carries out so many cancels by filter, 1,000 of an account, that it takes no other one for now (412). Nothing was cancelled;
/// repeating the call later helps. It is no quota of the plan.
/// </summary>
public sealed class QStashBulkActionLimitException : QStashException
{
    internal QStashBulkActionLimitException(string message, HttpStatusCode statusCode, string? error) : base(message, statusCode, error)
    {
    }
}

using System.Net;

namespace QStash.Client;

/// <summary>
/// The plan does not allow the call: a message is too large, delayed too long or retried too often (400), or there are too many queues or
/// schedules (412, except from a cancel by filter). Repeating the call does not help.
/// </summary>
public sealed class QStashQuotaException : QStashException
{
    internal QStashQuotaException(string message, HttpStatusCode? statusCode, string? error) : base(message, statusCode, error)
    {
    }
}

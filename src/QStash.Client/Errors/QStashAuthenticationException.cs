using System.Net;

namespace QStash.Client;

/// <summary>The token is missing, unknown, read-only, or belongs to another region (401, 403).</summary>
public sealed class QStashAuthenticationException : QStashException
{
    internal QStashAuthenticationException(string message, HttpStatusCode statusCode, string? error) : base(message, statusCode, error)
    {
    }
}

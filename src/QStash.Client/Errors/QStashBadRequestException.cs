using System.Net;

namespace QStash.Client;

/// <summary>QStash refused the request (any other 4xx). Repeating it unchanged does not help.</summary>
public sealed class QStashBadRequestException : QStashException
{
    internal QStashBadRequestException(string message, HttpStatusCode? statusCode, string? error) : base(message, statusCode, error)
    {
    }
}

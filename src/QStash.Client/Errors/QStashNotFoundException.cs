using System.Net;

namespace QStash.Client;

/// <summary>What the call names does not exist (404), such as a URL group.</summary>
public sealed class QStashNotFoundException : QStashException
{
    internal QStashNotFoundException(string message, HttpStatusCode? statusCode, string? error) : base(message, statusCode, error)
    {
    }
}

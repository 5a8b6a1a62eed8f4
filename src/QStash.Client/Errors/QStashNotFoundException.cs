using System.Net;

namespace QStash.Client;

/// <summary>The resource that the call names, such as a URL group, does not exist (404).</summary>
public sealed class QStashNotFoundException : QStashException
{
    internal QStashNotFoundException(string message, HttpStatusCode? statusCode, string? error) : base(message, statusCode, error)
    {
    }
}

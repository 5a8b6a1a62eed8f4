using System.Net;

namespace QStash.Client;

/// <summary>A call to QStash failed. The text never contains the token or a message body.</summary>
public class QStashException : Exception
{
    /// <summary>Creates the exception.</summary>
    public QStashException(string message, HttpStatusCode? statusCode = null, string? error = null, Exception? innerException = null)
        : base(message, innerException)
    {
        StatusCode = statusCode;
        Error = error;
    }

    /// <summary>Status of QStash's answer; <see langword="null"/> when there was none.</summary>
    public HttpStatusCode? StatusCode { get; }

    /// <summary>The error text of QStash, cut to 500 characters; <see langword="null"/> when there was none.</summary>
    public string? Error { get; }
}

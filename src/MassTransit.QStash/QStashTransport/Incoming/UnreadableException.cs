using System.Diagnostics.CodeAnalysis;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// Replaces an exception whose properties throw or cannot be serialized.
/// </summary>
[SuppressMessage("Design", "CA1032", Justification = "Made in one place only.")]
sealed class UnreadableException(Exception original, ExceptionInfo info) : ExceptionInfoException(info)
{
    /// <summary>The exception that was thrown. Only its type can be used.</summary>
    public Exception Original => original;
}

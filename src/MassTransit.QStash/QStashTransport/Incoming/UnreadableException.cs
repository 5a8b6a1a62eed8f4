using System.Diagnostics.CodeAnalysis;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// Stands in for an exception that nobody can read.
/// </summary>
[SuppressMessage("Design", "CA1032", Justification = "Made in one place only.")]
sealed class UnreadableException(Exception original, ExceptionInfo info) : ExceptionInfoException(info)
{
    /// <summary>What was thrown; only its type is of use.</summary>
    public Exception Original => original;
}

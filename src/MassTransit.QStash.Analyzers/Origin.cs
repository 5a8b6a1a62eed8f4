using Microsoft.CodeAnalysis;

namespace MassTransit.QStash.Analyzers;

/// <summary>Something that an expression may evaluate to.</summary>
/// <param name="operation">The operation that makes the value; it may be elsewhere, such as in the initializer of a field.</param>
/// <param name="shown">The part of the expression that refers to it.</param>
readonly struct Origin(IOperation operation, IOperation shown)
{
    public IOperation Operation { get; } = operation;

    public IOperation Shown { get; } = shown;
}

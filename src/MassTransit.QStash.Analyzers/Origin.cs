using Microsoft.CodeAnalysis;

namespace MassTransit.QStash.Analyzers;

/// <summary>Something that an expression may evaluate to.</summary>
/// <param name="operation">Where the value is made; it may be elsewhere, in the initializer of a field.</param>
/// <param name="shown">The part of the expression that brings it.</param>
readonly struct Origin(IOperation operation, IOperation shown)
{
    public IOperation Operation { get; } = operation;

    public IOperation Shown { get; } = shown;
}

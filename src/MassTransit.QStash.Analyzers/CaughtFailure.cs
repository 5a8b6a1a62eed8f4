using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace MassTransit.QStash.Analyzers;

/// <summary>Examines what a <c>catch</c> around a send does with the failure.</summary>
static class CaughtFailure
{
    /// <summary>Whether the failure ends in the catch, so that nobody learns of it.</summary>
    public static bool IsDropped(ICatchClauseOperation handler, ITryOperation attempt) =>
        IsOfSend(handler.ExceptionType) && DoesNothing(handler.Handler, attempt)
        && (handler.Filter is null || !IsNarrow(handler.Filter, attempt)) && !IsTriedAgain(attempt, handler);

    static bool IsOfSend(ITypeSymbol? type) =>
        type is null || type.SpecialType == SpecialType.System_Object || type.Is("System.Exception") || type.Is("System.SystemException")
            || type.InheritsFrom(Names.ClientException);

    /// <summary>Whether a block is empty, or only leaves the function without reporting the failure.</summary>
    static bool DoesNothing(IBlockOperation block, ITryOperation attempt) => block.Operations.All(statement => statement switch
    {
        IReturnOperation { ReturnedValue: null } or IBranchOperation or IEmptyOperation => true,
        IReturnOperation { ReturnedValue: { ConstantValue.HasValue: true } value } => !TellsCaller(value, statement, attempt),
        IExpressionStatementOperation { Operation: ISimpleAssignmentOperation { Target: IDiscardOperation } } => true,
        IExpressionStatementOperation
        {
            Operation: IAwaitOperation { Operation: IPropertyReferenceOperation { Property.Name: "CompletedTask" } }
        } => true,
        IBlockOperation inner => DoesNothing(inner, attempt),
        _ => false,
    });

    /// <summary>Whether a value differs from what the function returns otherwise.</summary>
    static bool TellsCaller(IOperation value, IOperation statement, ITryOperation attempt) => attempt.Function().OwnDescendants()
        .OfType<IReturnOperation>()
        .Any(other => other != statement && other.ReturnedValue is { } otherwise
            && !(otherwise.ConstantValue.HasValue && Equals(otherwise.ConstantValue.Value, value.ConstantValue.Value)));

    /// <summary>Whether a filter lets the failures of a send pass, or selects the failures to catch.</summary>
    static bool IsNarrow(IOperation filter, ITryOperation attempt) => filter.Unwrap() switch
    {
        IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd } both =>
            IsNarrow(both.LeftOperand, attempt) || IsNarrow(both.RightOperand, attempt),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalOr } either =>
            IsNarrow(either.LeftOperand, attempt) && IsNarrow(either.RightOperand, attempt),
        IIsTypeOperation test => !test.IsNegated && !IsOfSend(test.TypeOperand),
        IIsPatternOperation { Value: var value, Pattern: var pattern } => IsMember(value) || IsNarrow(pattern),
        IBinaryOperation comparison => comparison.Descendants().Any(IsMember) || Loop(attempt) is not null,
        IPropertyReferenceOperation property => IsMember(property) || property.Property.Name == "IsCancellationRequested",
        IInvocationOperation call => call.Instance is not null && call.Instance.DescendantsAndSelf().Any(IsMember),
        _ => false,
    };

    static bool IsNarrow(IPatternOperation pattern) => pattern switch
    {
        ITypePatternOperation type => !IsOfSend(type.MatchedType),
        IDeclarationPatternOperation declaration => !IsOfSend(declaration.MatchedType),
        IRecursivePatternOperation members => !IsOfSend(members.MatchedType) || members.PropertySubpatterns.Length > 0,
        IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.Or } either =>
            IsNarrow(either.LeftPattern) && IsNarrow(either.RightPattern),
        IBinaryPatternOperation both => IsNarrow(both.LeftPattern) || IsNarrow(both.RightPattern),
        _ => false,
    };

    /// <summary>A member of the exception, such as its status.</summary>
    static bool IsMember(IOperation operation) =>
        operation is IPropertyReferenceOperation { Instance.Type: var type } && type.InheritsFrom("System.Exception");

    /// <summary>Whether the send is repeated: success leaves a loop, and the catch does not.</summary>
    static bool IsTriedAgain(ITryOperation attempt, ICatchClauseOperation handler)
    {
        if (Loop(attempt) is not { } loop || handler.Handler.OwnDescendants().Any(operation => Leaves(operation, loop)))
            return false;

        return attempt.Body.OwnDescendants().Any(operation => Leaves(operation, loop) || Ends(operation, loop))
            || (handler.Handler.OwnDescendants().Any(static operation => operation is IBranchOperation { BranchKind: BranchKind.Continue })
                && attempt.Parent is IBlockOperation block
                    && block.Operations.Any(statement => statement.Syntax.SpanStart > attempt.Syntax.SpanStart && Leaves(statement, loop)));
    }

    static ILoopOperation? Loop(IOperation operation) => operation.Ancestors()
        .TakeWhile(static outer => outer is not (IAnonymousFunctionOperation or ILocalFunctionOperation))
        .OfType<ILoopOperation>()
        .FirstOrDefault();

    static bool Leaves(IOperation operation, ILoopOperation loop) => operation switch
    {
        IReturnOperation { Kind: OperationKind.Return } => true,
        IBranchOperation { BranchKind: BranchKind.Break } branch => SymbolEqualityComparer.Default.Equals(branch.Target, loop.ExitLabel),
        _ => false,
    };

    /// <summary>Whether an assignment changes a variable in the loop's condition.</summary>
    static bool Ends(IOperation operation, ILoopOperation loop)
    {
        var condition = loop switch
        {
            IWhileLoopOperation { Condition: var asked } => asked,
            IForLoopOperation { Condition: var asked } => asked,
            _ => null,
        };
        return condition is not null && operation is ISimpleAssignmentOperation { Target: ILocalReferenceOperation target }
            && condition.DescendantsAndSelf().OfType<ILocalReferenceOperation>()
                .Any(use => SymbolEqualityComparer.Default.Equals(use.Local, target.Local));
    }
}

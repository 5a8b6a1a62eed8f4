using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace MassTransit.QStash.Analyzers;

/// <summary>Finds when code runs: the conditions around it, and whether they mean that this is development.</summary>
static class Circumstances
{
    static readonly string[] Development = ["dev", "local", "emulat", "debug", "test"];
    static readonly string[] Deployed = ["prod", "staging"];

    /// <summary>Whether code runs in development only.</summary>
    public static bool IsForDevelopment(this IOperation operation)
    {
        var inner = operation;
        foreach (var outer in operation.Ancestors())
        {
            if (outer switch
            {
                IConditionalOperation conditional when inner == conditional.WhenTrue => Says(conditional.Condition, true),
                IConditionalOperation conditional when inner == conditional.WhenFalse => Says(conditional.Condition, false),
                ISwitchExpressionArmOperation arm => arm.Pattern.DescendantsAndSelf().Any(NamesDevelopment),
                ISwitchCaseOperation section => section.Clauses.Any(static clause => clause.DescendantsAndSelf().Any(NamesDevelopment)),
                IBlockOperation block => block.Operations.TakeWhile(statement => statement != inner).OfType<IConditionalOperation>()
                    .Any(static guard => guard.WhenFalse is null && guard.WhenTrue.Leaves() && Says(guard.Condition, false)),
                _ => false,
            })
            {
                return true;
            }

            inner = outer;
        }

        return false;
    }

    /// <summary>Whether at most one of two operations runs.</summary>
    public static bool Exclude(this IOperation first, IOperation second)
    {
        var (inner, others) = (first, new HashSet<IOperation>(second.Ancestors()) { second });
        foreach (var outer in first.Ancestors())
        {
            if (others.Contains(outer))
                return Separate(outer, inner, outer.ChildOperations.FirstOrDefault(others.Contains), second);

            inner = outer;
        }

        return false;
    }

    /// <summary>Whether a branch ends the function.</summary>
    public static bool Leaves(this IOperation branch) => branch switch
    {
        IBlockOperation { Operations: { Length: > 0 } statements } => statements[statements.Length - 1].Leaves(),
        IReturnOperation { Kind: OperationKind.Return } => true,
        IExpressionStatementOperation { Operation: IThrowOperation } or IThrowOperation => true,
        _ => false,
    };

    static bool Separate(IOperation common, IOperation first, IOperation? second, IOperation last) => common switch
    {
        IConditionalOperation conditional =>
            (first == conditional.WhenTrue && second == conditional.WhenFalse)
                || (first == conditional.WhenFalse && second == conditional.WhenTrue),
        ISwitchOperation or ISwitchExpressionOperation =>
            first != second && second is ISwitchCaseOperation or ISwitchExpressionArmOperation,
        // if (…) { first; return; } last;
        IBlockOperation => first is IConditionalOperation { WhenTrue: var branch } && branch.Leaves()
            && last.Syntax.SpanStart > first.Syntax.Span.End,
        _ => false,
    };

    /// <summary>Whether a condition with this outcome means that this is development.</summary>
    static bool Says(IOperation condition, bool outcome)
    {
        condition = condition.Unwrap();
        switch (condition)
        {
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not:
                return Says(not.Operand, !outcome);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr } both:
                return Says(both.LeftOperand, outcome) || Says(both.RightOperand, outcome);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.NotEquals } different:
                return SaysOne(different, !outcome);
            case ILocalReferenceOperation local when !Mentions([local.Local.Name], Development) && !Mentions([local.Local.Name], Deployed):
                return local.Origins().OnlyOne() is { } origin && origin != condition && Says(origin, outcome);
            default:
                return SaysOne(condition, outcome);
        }
    }

    static bool SaysOne(IOperation condition, bool outcome) =>
        condition.DescendantsAndSelf().Any(outcome ? NamesDevelopment : NamesDeployment);

    static bool NamesDevelopment(IOperation operation) => Mentions(NamesIn(operation), Development);

    static bool NamesDeployment(IOperation operation) => Mentions(NamesIn(operation), Deployed);

    static bool Mentions(IEnumerable<string> names, string[] words) =>
        names.Any(name => words.Any(word => name.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0));

    static IEnumerable<string> NamesIn(IOperation operation) => operation switch
    {
        { ConstantValue: { HasValue: true, Value: string text } } => [text],
        IInvocationOperation call => [call.TargetMethod.Name],
        IMemberReferenceOperation member => [member.Member.Name],
        ILocalReferenceOperation local => [local.Local.Name],
        IParameterReferenceOperation parameter => [parameter.Parameter.Name],
        _ => [],
    };
}

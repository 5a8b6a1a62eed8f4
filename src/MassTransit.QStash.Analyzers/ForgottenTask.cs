using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace MassTransit.QStash.Analyzers;

/// <summary>Follows the task of a send to where it ends.</summary>
static class ForgottenTask
{
    /// <summary>Methods that return another task with the same failure.</summary>
    static readonly string[] Wrapping = ["ConfigureAwait", "AsTask", "WaitAsync", "Unwrap", "Preserve"];

    /// <summary>The expression whose task is ignored, or <see langword="null"/>.</summary>
    public static IOperation? Find(IOperation task)
    {
        while (true)
        {
            var parent = task.Parent;
            while (parent is IConversionOperation or IParenthesizedOperation)
                parent = parent.Parent;

            switch (parent)
            {
                case IExpressionStatementOperation or ISimpleAssignmentOperation { Target: IDiscardOperation }:
                    return task;
                case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } }:
                    return IsRead(local, task) ? null : task;
                case ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: var local } }:
                    return IsRead(local, task) ? null : task;
                case IConditionalAccessOperation or ICoalesceOperation or ISwitchExpressionOperation
                    or IConditionalOperation { Type: not null }:
                    task = parent;
                    break;
                case ISwitchExpressionArmOperation { Parent: { } choice }:
                    task = choice;
                    break;
                case IInvocationOperation call when call.Instance == task || call.Instance?.Unwrap() == task:
                    if (call.TargetMethod.Name == "ContinueWith" ? LooksAtFailure(call) : !Wrapping.Contains(call.TargetMethod.Name))
                        return null;

                    if (call.TargetMethod.Name == "ContinueWith")
                        return call;

                    task = call;
                    break;
                // This is the result of a lambda that runs in the background; the failure is in the task of that run.
                case IReturnOperation or IAwaitOperation when Background(parent) is { } run:
                    task = run;
                    break;
                default:
                    return null;
            }
        }
    }

    static bool IsRead(ILocalSymbol local, IOperation user) => user.Root().Descendants().OfType<ILocalReferenceOperation>().Any(use =>
        SymbolEqualityComparer.Default.Equals(use.Local, local)
            && !(use.Parent is ISimpleAssignmentOperation assignment && assignment.Target == use));

    /// <summary>Whether a continuation uses the task that it gets, or its code is not visible here.</summary>
    static bool LooksAtFailure(IInvocationOperation continueWith)
    {
        var lambda = continueWith.Arguments.SelectMany(static argument => argument.Value.DescendantsAndSelf())
            .OfType<IAnonymousFunctionOperation>().FirstOrDefault();
        return lambda is not { Symbol.Parameters: { Length: > 0 } parameters }
            || lambda.Body.Descendants().OfType<IParameterReferenceOperation>()
                .Any(use => SymbolEqualityComparer.Default.Equals(use.Parameter, parameters[0]));
    }

    /// <summary>The call of <c>Task.Run</c> that runs a lambda, unless the lambda catches.</summary>
    static IInvocationOperation? Background(IOperation operation)
    {
        foreach (var outer in operation.Ancestors())
        {
            if (outer is ITryOperation { Catches.Length: > 0 } or ILocalFunctionOperation)
                return null;

            if (outer is IAnonymousFunctionOperation lambda)
            {
                var user = lambda.Ancestors()
                    .FirstOrDefault(
                        static around => around is not (IConversionOperation or IDelegateCreationOperation or IArgumentOperation));
                return user is IInvocationOperation run && run.TargetMethod.Name is "Run" or "StartNew"
                    && run.TargetMethod.ContainingType.Name is "Task" or "TaskFactory" ? run : null;
            }
        }

        return null;
    }
}

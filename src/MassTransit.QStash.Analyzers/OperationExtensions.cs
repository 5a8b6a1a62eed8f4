using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace MassTransit.QStash.Analyzers;

/// <summary>Questions about code that several rules ask.</summary>
static class OperationExtensions
{
    /// <summary>The operation without the conversions around it.</summary>
    public static IOperation Unwrap(this IOperation operation)
    {
        while (operation is IConversionOperation or IParenthesizedOperation)
            operation = operation is IConversionOperation conversion ? conversion.Operand : ((IParenthesizedOperation)operation).Operand;

        return operation;
    }

    public static string? ConstantText(this IOperation operation) =>
        operation.Unwrap().ConstantValue is { HasValue: true, Value: string text } ? text : null;

    public static IArgumentOperation? Argument(this IInvocationOperation call, string parameter) =>
        call.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == parameter);

    /// <summary>The object that a method is called on, also for an extension method.</summary>
    public static IOperation? Receiver(this IInvocationOperation call) =>
        call.Instance ?? (call.TargetMethod.IsExtensionMethod && call.Arguments.Length > 0 ? call.Arguments[0].Value : null);

    /// <param name="type">A type.</param>
    /// <param name="fullName">The name with its namespace. The short name is compared first, because almost all types differ in it.</param>
    public static bool Is(this ITypeSymbol? type, string fullName) =>
        type is not null && fullName.EndsWith(type.Name, StringComparison.Ordinal) && type.ToDisplayString() == fullName;

    public static bool IsOrImplements(this ITypeSymbol? type, string fullName) =>
        type is not null && (type.OriginalDefinition.Is(fullName)
            || type.AllInterfaces.Any(implemented => implemented.OriginalDefinition.Is(fullName)));

    public static bool InheritsFrom(this ITypeSymbol? type, string fullName)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type.Is(fullName))
                return true;
        }

        return false;
    }

    /// <summary>Whether a type is one of the transport or of the client.</summary>
    public static bool IsOurs(this ITypeSymbol? type) =>
        type is { ContainingNamespace: { } space }
            && (type.Name.StartsWith("QStash", StringComparison.Ordinal) || type.Name.StartsWith("IQStash", StringComparison.Ordinal))
        && space is { Name: "MassTransit", ContainingNamespace.IsGlobalNamespace: true }
            or { Name: "Client", ContainingNamespace: { Name: "QStash", ContainingNamespace.IsGlobalNamespace: true } };

    /// <summary>The operations of one function, not those of the functions inside it.</summary>
    public static IEnumerable<IOperation> OwnDescendants(this IOperation function)
    {
        var waiting = new Stack<IOperation>();
        for (var operation = function; operation is not null; operation = waiting.Count == 0 ? null : waiting.Pop())
        {
            if (operation != function)
                yield return operation;

            foreach (var child in operation.ChildOperations.Reverse())
            {
                if (child is not (IAnonymousFunctionOperation or ILocalFunctionOperation))
                    waiting.Push(child);
            }
        }
    }

    /// <summary>The lambda, local function or method body around an operation.</summary>
    public static IOperation Function(this IOperation operation)
    {
        while (operation.Parent is { } parent && operation is not (IAnonymousFunctionOperation or ILocalFunctionOperation))
            operation = parent;

        return operation;
    }

    /// <summary>The whole member an operation is in.</summary>
    public static IOperation Root(this IOperation operation)
    {
        while (operation.Parent is { } parent)
            operation = parent;

        return operation;
    }

    public static IEnumerable<IOperation> Ancestors(this IOperation operation)
    {
        for (var parent = operation.Parent; parent is not null; parent = parent.Parent)
            yield return parent;
    }

    /// <summary>An assignment to a property of a type, also in an object initializer.</summary>
    public static bool IsAssignmentTo(this IOperation operation, string type, Func<string, bool> property, out string name,
        out IOperation value)
    {
        if (operation is IAssignmentOperation { Target: IPropertyReferenceOperation target } assignment
            && property(target.Property.Name) && target.Property.ContainingType.Is(type))
        {
            (name, value) = (target.Property.Name, assignment.Value);
            return true;
        }

        (name, value) = ("", operation);
        return false;
    }
}

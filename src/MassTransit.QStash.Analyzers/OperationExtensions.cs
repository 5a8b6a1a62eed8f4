using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace MassTransit.QStash.Analyzers;

/// <summary>What the rules ask of the code.</summary>
static class OperationExtensions
{
    /// <summary>Without the conversions around it.</summary>
    public static IOperation Unwrap(this IOperation operation)
    {
        while (operation is IConversionOperation conversion)
            operation = conversion.Operand;

        return operation;
    }

    public static string? ConstantText(this IOperation operation) => operation.Unwrap().ConstantValue is { HasValue: true, Value: string text } ? text : null;

    public static IArgumentOperation? Argument(this IInvocationOperation call, string parameter) =>
        call.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == parameter);

    /// <param name="type">A type.</param>
    /// <param name="fullName">With its namespace. The short name is compared first, since almost all types fail at that.</param>
    public static bool Is(this ITypeSymbol? type, string fullName) =>
        type is not null && fullName.EndsWith(type.Name, StringComparison.Ordinal) && type.ToDisplayString() == fullName;

    public static bool IsOrImplements(this ITypeSymbol? type, string fullName) =>
        type is not null && (type.OriginalDefinition.Is(fullName) || type.AllInterfaces.Any(implemented => implemented.OriginalDefinition.Is(fullName)));

    public static bool InheritsFrom(this ITypeSymbol? type, string fullName)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type.Is(fullName))
                return true;
        }

        return false;
    }

    /// <summary>The operations of one function, not those of the functions inside it.</summary>
    public static IEnumerable<IOperation> OwnDescendants(this IOperation function)
    {
        foreach (var child in function.ChildOperations)
        {
            if (child is IAnonymousFunctionOperation or ILocalFunctionOperation)
                continue;

            yield return child;
            foreach (var descendant in child.OwnDescendants())
                yield return descendant;
        }
    }

    /// <summary>The lambda, local function or method body around an operation.</summary>
    public static IOperation Function(this IOperation operation)
    {
        while (operation.Parent is { } parent && operation is not (IAnonymousFunctionOperation or ILocalFunctionOperation))
            operation = parent;

        return operation;
    }

    /// <summary>An assignment to a property of a type, also in an object initializer.</summary>
    public static bool IsAssignmentTo(this IOperation operation, string type, Func<string, bool> property, out string name, out IOperation value)
    {
        if (operation is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation target } assignment
            && property(target.Property.Name) && target.Property.ContainingType.Is(type))
        {
            (name, value) = (target.Property.Name, assignment.Value);
            return true;
        }

        (name, value) = ("", operation);
        return false;
    }
}

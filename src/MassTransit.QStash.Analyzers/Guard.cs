using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace MassTransit.QStash.Analyzers;

/// <summary>Calls that can tell whether a request is from QStash.</summary>
static class Guard
{
    const int Deepest = 4;

    static readonly string[] Words = ["Verif", "Valid", "Signature", "Authentic", "Authoriz"];

    /// <summary>
    /// In framework code only these namespaces count as verifying, because many of its methods have names that sound like it.
    /// </summary>
    static readonly string[] Verifying = ["System.Security.Cryptography", "Microsoft.IdentityModel", "System.IdentityModel",
        "Microsoft.AspNetCore.Authentication", "Microsoft.AspNetCore.Authorization"];

    /// <summary>Whether the client's verifier is called and its result is used.</summary>
    public static bool Verifies(IInvocationOperation call) =>
        call.TargetMethod.Name is "Verify" or "VerifyHash" or "VerifyToken" && call.TargetMethod.ContainingType.Is(Names.Verifier)
        && call.Parent is not (IExpressionStatementOperation or ISimpleAssignmentOperation { Target: IDiscardOperation });

    /// <summary>Whether an operation can verify, itself or in a method of this project that it calls.</summary>
    public static bool MayVerify(IOperation operation, CancellationToken cancellationToken) =>
        operation is IInvocationOperation call && MayVerify(call, Deepest, cancellationToken);

    static bool MayVerify(IInvocationOperation call, int depth, CancellationToken cancellationToken)
    {
        var method = call.TargetMethod;
        if (method.ContainingType.Is(Names.Verifier))
            return Verifies(call);

        var space = method.ContainingNamespace?.ToDisplayString() ?? "";
        if (IsIn(space, Verifying))
            return space != "System.Security.Cryptography" || IsKeyed(method.ContainingType);

        // For a delegate, use the name of the variable or member that holds it.
        if (method.MethodKind == MethodKind.DelegateInvoke)
            return call.Instance is IMemberReferenceOperation { Member.Name: var member } ? Sounds(member)
                : call.Instance is ILocalReferenceOperation { Local.Name: var local } && Sounds(local)
                || call.Instance is IParameterReferenceOperation { Parameter.Name: var parameter } && Sounds(parameter);

        var bodies = method.IsVirtual || method.IsOverride ? [] : method.Bodies(call, cancellationToken);
        if (bodies.Count == 0)
            return Sounds(method.Name) && !IsIn(space, ["System", "Microsoft"]) && (call.Arguments.Length > 0 || call.Instance is not null);

        // If the code of a method is visible, its name alone proves nothing: it has to call something that verifies.
        return depth > 0 && bodies.SelectMany(static body => body.Descendants()).OfType<IInvocationOperation>().Any(inner =>
            MayVerify(inner, depth - 1, cancellationToken) || (Sounds(method.Name) && IsUnknown(inner)));
    }

    /// <summary>A hash alone proves nothing; a key does.</summary>
    static bool IsKeyed(ITypeSymbol type) =>
        type.Name.StartsWith("HMAC", StringComparison.Ordinal) || type.Name.StartsWith("RSA", StringComparison.Ordinal)
            || type.Name.StartsWith("ECDsa", StringComparison.Ordinal)
                || type.Name is "CryptographicOperations" or "HashAlgorithm" or "KeyedHashAlgorithm";

    /// <summary>A call into another library with arguments that it could verify.</summary>
    static bool IsUnknown(IInvocationOperation call) =>
        call.TargetMethod.DeclaringSyntaxReferences.IsEmpty && call.Arguments.Length > 0
            && !IsIn(call.TargetMethod.ContainingNamespace?.ToDisplayString() ?? "", ["System", "Microsoft"]);

    static bool Sounds(string name) => Words.Any(word => name.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0);

    static bool IsIn(string space, string[] roots) =>
        roots.Any(root => space == root || (space.StartsWith(root, StringComparison.Ordinal) && space[root.Length] == '.'));
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace MassTransit.QStash.Analyzers;

/// <summary>
/// Finds out whether a bus is set up for the emulator, which can reach every address: in the same code, in a helper that it calls, or in
/// its caller.
/// </summary>
static class Emulation
{
    const int Deepest = 3;

    /// <summary>Whether the emulator is used where an address is set.</summary>
    public static bool IsBeside(IOperation address, ISymbol member, CancellationToken cancellationToken) =>
        address.Root().DescendantsAndSelf().OfType<IInvocationOperation>().Any(call =>
            (IsUse(call) || UsesInside(call.TargetMethod, call, Deepest, cancellationToken)) && !call.Exclude(address))
        || (member is IMethodSymbol method && method.Parameters.Any(static parameter => IsConfigurator(parameter.Type))
            && CallerUses(method, address, cancellationToken));

    static bool IsUse(IInvocationOperation call) =>
        call.TargetMethod.Name == Names.UseEmulator && call.TargetMethod.ContainingType.IsOurs();

    static bool IsConfigurator(ITypeSymbol? type) =>
        type.IsOurs() && (type!.Name.EndsWith("Configurator", StringComparison.Ordinal)
            || type.Name.EndsWith("Options", StringComparison.Ordinal));

    /// <summary>Whether a method that gets the configurator uses the emulator.</summary>
    static bool UsesInside(IMethodSymbol method, IInvocationOperation call, int depth, CancellationToken cancellationToken) =>
        depth > 0 && method.DeclaringSyntaxReferences.Length > 0
            && call.Arguments.Any(static argument => IsConfigurator(argument.Value.Unwrap().Type))
        && method.DeclaringSyntaxReferences.Any(reference =>
            Mentions(reference.GetSyntax(cancellationToken), call.SemanticModel, depth, cancellationToken));

    static bool Mentions(SyntaxNode code, SemanticModel? model, int depth, CancellationToken cancellationToken)
    {
        foreach (var call in code.DescendantNodes().OfType<InvocationExpressionSyntax>())
        {
            var name = Name(call);
            if (name == Names.UseEmulator)
                return true;

            // Only what is in the same file is followed further.
            if (depth > 1 && model is not null && model.SyntaxTree == code.SyntaxTree
                && model.GetOperation(call, cancellationToken) is IInvocationOperation operation
                && UsesInside(operation.TargetMethod, operation, depth - 1, cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a member that calls this one uses the emulator, in the same file.</summary>
    static bool CallerUses(IMethodSymbol method, IOperation address, CancellationToken cancellationToken) =>
        address.Syntax.SyntaxTree.GetRoot(cancellationToken)
        .DescendantNodes()
        .OfType<InvocationExpressionSyntax>()
        .Where(call => Name(call) == method.Name)
        .Select(static call =>
            call.Ancestors().FirstOrDefault(static node => node is MemberDeclarationSyntax and not GlobalStatementSyntax))
        .OfType<SyntaxNode>()
        .Any(static caller =>
            caller.DescendantNodes(static node => node is not TypeDeclarationSyntax || node.Parent is CompilationUnitSyntax)
                .OfType<InvocationExpressionSyntax>().Any(static call => Name(call) == Names.UseEmulator));

    static string? Name(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax member => member.Name.Identifier.ValueText,
        MemberBindingExpressionSyntax member => member.Name.Identifier.ValueText,
        SimpleNameSyntax name => name.Identifier.ValueText,
        _ => null,
    };
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace MassTransit.QStash.Analyzers;

/// <summary>Follows a value back to where it is made.</summary>
static class Values
{
    /// <summary>Code that has more alternatives is not followed to its end.</summary>
    const int MostOrigins = 32;

    /// <summary>
    /// All values that an expression may have, as far as the source shows them: both sides of <c>??</c> and <c>?:</c>, the arms of a
    /// switch, the values of locals, fields and properties, and the results of functions without parameters.
    /// </summary>
    public static IReadOnlyList<Origin> Origins(this IOperation value)
    {
        var found = new List<Origin>();
        Collect(value, null, new HashSet<ISymbol>(SymbolEqualityComparer.Default), found);
        return found;
    }

    /// <summary>The operation of a value that has no alternatives.</summary>
    public static IOperation? OnlyOne(this IReadOnlyList<Origin> origins) => origins.Count == 1 ? origins[0].Operation : null;

    /// <summary>The bodies of a method of this project; empty if the body is elsewhere or depends on the type at run time.</summary>
    public static IReadOnlyList<IOperation> Bodies(this IMethodSymbol method, IOperation user, CancellationToken cancellationToken) =>
        user.SemanticModel is not { } model ? [] : method.DeclaringSyntaxReferences
            .Select(reference => Operation(reference.GetSyntax(cancellationToken), model))
            .OfType<IOperation>()
            .ToList();

    static void Collect(IOperation value, IOperation? shown, HashSet<ISymbol> seen, List<Origin> found)
    {
        if (found.Count >= MostOrigins)
            return;

        if (Alternatives(value) is { } alternatives)
        {
            foreach (var alternative in alternatives)
                Collect(alternative, shown, seen, found);

            return;
        }

        var sources = value.ConstantValue.HasValue || Symbol(value) is not { } symbol || !seen.Add(symbol) ? [] : Sources(symbol, value);
        if (sources.Count == 0)
            found.Add(new Origin(value, shown ?? value));

        foreach (var source in sources)
            Collect(source, shown ?? value, seen, found);
    }

    /// <summary>
    /// The parts of an expression one of which is its value; <see langword="null"/> if the expression makes the value itself.
    /// </summary>
    static IEnumerable<IOperation>? Alternatives(IOperation value) => value switch
    {
        IConversionOperation conversion => [conversion.Operand],
        IParenthesizedOperation parenthesized => [parenthesized.Operand],
        ICoalesceOperation coalesce => [coalesce.Value, coalesce.WhenNull],
        IConditionalOperation { WhenFalse: { } otherwise } conditional => [conditional.WhenTrue, otherwise],
        ISwitchExpressionOperation choice => choice.Arms.Select(static arm => arm.Value),
        IConditionalAccessOperation access => [access.WhenNotNull],
        IConditionalAccessInstanceOperation instance => Accessed(instance) is { } accessed ? [accessed] : null,
        IAwaitOperation awaited => [awaited.Operation],
        ICoalesceAssignmentOperation assignment => [assignment.Target, assignment.Value],
        ISimpleAssignmentOperation assignment => [assignment.Value],
        IThrowOperation => [],
        _ => null,
    };

    /// <summary>The expression before the <c>?.</c>.</summary>
    static IOperation? Accessed(IConditionalAccessInstanceOperation instance)
    {
        IOperation operation = instance;
        while (operation.Parent is { } parent)
        {
            if (parent is IConditionalAccessOperation access && access.WhenNotNull == operation)
                return access.Operation;

            operation = parent;
        }

        return null;
    }

    /// <summary>The variable or member that holds the value, if the source shows what is assigned to it.</summary>
    static ISymbol? Symbol(IOperation value) => value switch
    {
        ILocalReferenceOperation local => local.Local,
        IFieldReferenceOperation field => field.Field,
        IPropertyReferenceOperation { Property.IsIndexer: false } property when !IsReplaceable(property.Property) => property.Property,
        IInvocationOperation { Arguments.Length: 0, TargetMethod.IsGenericMethod: false } call when !IsReplaceable(call.TargetMethod) =>
            call.TargetMethod,
        _ => null,
    };

    /// <summary>Whether another type may override the member.</summary>
    static bool IsReplaceable(ISymbol member) => member.IsVirtual || member.IsAbstract || member.IsOverride;

    static List<IOperation> Sources(ISymbol symbol, IOperation user)
    {
        if (symbol is ILocalSymbol local)
            return Given(local, user.Root());

        var model = user.SemanticModel;
        if (model is null || symbol.DeclaringSyntaxReferences.IsEmpty)
            return [];

        var sources = new List<IOperation>();
        foreach (var declaration in symbol.DeclaringSyntaxReferences.Select(static reference => reference.GetSyntax()))
        {
            foreach (var expression in Expressions(declaration).Concat(symbol is IFieldSymbol ? Assigned(symbol.Name, declaration) : []))
            {
                if (Operation(expression, model) is { } source)
                    sources.Add(source);
            }
        }

        return sources;
    }

    /// <summary>The initializer of a local, and all values that are assigned to it.</summary>
    static List<IOperation> Given(ILocalSymbol local, IOperation root)
    {
        var given = new List<IOperation>();
        foreach (var operation in root.DescendantsAndSelf())
        {
            switch (operation)
            {
                case IVariableDeclaratorOperation declarator when SymbolEqualityComparer.Default.Equals(declarator.Symbol, local):
                    if (declarator.GetVariableInitializer()?.Value is { } initializer)
                        given.Add(initializer);

                    break;
                case IAssignmentOperation { Target: ILocalReferenceOperation target } assignment
                    when assignment is not ICompoundAssignmentOperation && SymbolEqualityComparer.Default.Equals(target.Local, local):
                    given.Add(assignment.Value);
                    break;
            }
        }

        return given;
    }

    static IEnumerable<ExpressionSyntax> Expressions(SyntaxNode declaration) => declaration switch
    {
        VariableDeclaratorSyntax { Initializer.Value: var value } => [value],
        PropertyDeclarationSyntax { Initializer.Value: var value } => [value],
        PropertyDeclarationSyntax { ExpressionBody.Expression: var value } => [value],
        PropertyDeclarationSyntax { AccessorList: { } accessors } =>
            accessors.Accessors.Where(static accessor => accessor.IsKind(SyntaxKind.GetAccessorDeclaration)).SelectMany(Returned),
        MethodDeclarationSyntax or LocalFunctionStatementSyntax => Returned(declaration),
        _ => [],
    };

    /// <summary>The expressions that a function returns: its expression body, or the value of each <c>return</c>.</summary>
    static IEnumerable<ExpressionSyntax> Returned(SyntaxNode function)
    {
        foreach (var node in function.DescendantNodes(node =>
            node == function || node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)))
        {
            if (node is ArrowExpressionClauseSyntax arrow && arrow.Parent == function)
                yield return arrow.Expression;
            else if (node is ReturnStatementSyntax { Expression: { } returned })
                yield return returned;
        }
    }

    /// <summary>The values that a type assigns to its field, mostly in a constructor.</summary>
    static IEnumerable<ExpressionSyntax> Assigned(string field, SyntaxNode declaration) =>
        declaration.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } type ? [] : type.DescendantNodes()
            .OfType<AssignmentExpressionSyntax>()
            .Where(assignment => assignment.Left switch
            {
                IdentifierNameSyntax name => name.Identifier.ValueText == field,
                MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name.Identifier.ValueText: var name } => name == field,
                _ => false,
            })
            .Select(static assignment => assignment.Right);

    static IOperation? Operation(SyntaxNode expression, SemanticModel model)
    {
#pragma warning disable RS1030 // Only for a value that is about to be reported, and mostly in the same file.
        var own = expression.SyntaxTree == model.SyntaxTree ? model : model.Compilation.GetSemanticModel(expression.SyntaxTree);
#pragma warning restore RS1030
        return own.GetOperation(expression);
    }
}

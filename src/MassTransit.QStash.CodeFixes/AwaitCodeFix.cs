using System.Collections.Immutable;
using System.Composition;
using MassTransit.QStash.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace MassTransit.QStash.CodeFixes;

/// <summary>QSTASH009: awaits a send that was forgotten, where the function is async.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class AwaitCodeFix : QStashCodeFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rules.SwallowedFailure.Id];

    /// <inheritdoc/>
    protected override string Title(Diagnostic diagnostic) => "Await it";

    /// <inheritdoc/>
    protected override SyntaxNode? Fix(SyntaxNode root, SyntaxNode found, Diagnostic diagnostic)
    {
        if (found is not InvocationExpressionSyntax send || Statement(send) is not { } statement || IsContinuation(send) || !IsAsync(send))
            return null;

        var awaited = SyntaxFactory.ExpressionStatement(SyntaxFactory.AwaitExpression(
            SyntaxFactory.Token(SyntaxKind.AwaitKeyword).WithTrailingTrivia(SyntaxFactory.Space), send.WithoutTrivia()))
                .WithTriviaFrom(statement);
        return root.ReplaceNode(statement, awaited);
    }

    /// <summary>The statement that consists only of the send, or discards its task.</summary>
    static ExpressionStatementSyntax? Statement(InvocationExpressionSyntax send) => send.Parent switch
    {
        ExpressionStatementSyntax statement => statement,
        AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.ValueText: "_" } } discard =>
            discard.Parent as ExpressionStatementSyntax,
        _ => null,
    };

    /// <summary>A continuation that ignores the failure still ignores it when it is awaited.</summary>
    static bool IsContinuation(InvocationExpressionSyntax send) =>
        send.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ContinueWith" };

    static bool IsAsync(SyntaxNode node) => node.Ancestors().FirstOrDefault(IsFunction) switch
    {
        AnonymousFunctionExpressionSyntax lambda => lambda.Modifiers.Any(SyntaxKind.AsyncKeyword),
        LocalFunctionStatementSyntax local => local.Modifiers.Any(SyntaxKind.AsyncKeyword),
        BaseMethodDeclarationSyntax method => method.Modifiers.Any(SyntaxKind.AsyncKeyword),
        _ => node.FirstAncestorOrSelf<GlobalStatementSyntax>() is not null,
    };

    static bool IsFunction(SyntaxNode node) =>
        node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or BaseMethodDeclarationSyntax;
}

using System.Collections.Immutable;
using System.Composition;
using MassTransit.QStash.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace MassTransit.QStash.CodeFixes;

/// <summary>QSTASH001 and QSTASH002: reads the environment variable in place of the secret.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class SecretCodeFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rules.TokenInSource.Id, Rules.SigningKeyInSource.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            if (root?.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is not ExpressionSyntax secret || MustBeConstant(secret)
                || !diagnostic.Properties.TryGetValue(SecretAnalyzer.Variable, out var variable))
            {
                continue;
            }

            context.RegisterCodeFix(
                CodeAction.Create($"Read {variable}", _ => Task.FromResult(Fix(context.Document, root, secret, variable!)), nameof(SecretCodeFix)),
                diagnostic);
        }
    }

    static Document Fix(Document document, SyntaxNode root, ExpressionSyntax secret, string variable)
    {
        var read = SyntaxFactory.ParseExpression($"global::System.Environment.GetEnvironmentVariable(\"{variable}\")!").WithTriviaFrom(secret);
        read = read.ReplaceNodes(read.DescendantNodes().OfType<MemberAccessExpressionSyntax>(), static (_, name) => name.WithAdditionalAnnotations(Simplifier.Annotation));
        return document.WithSyntaxRoot(root.ReplaceNode(secret, read));
    }

    static bool MustBeConstant(ExpressionSyntax secret) => secret.Ancestors().Any(ancestor => ancestor switch
    {
        FieldDeclarationSyntax field => field.Modifiers.Any(SyntaxKind.ConstKeyword),
        LocalDeclarationStatementSyntax local => local.IsConst,
        AttributeSyntax or ParameterSyntax or PatternSyntax or SwitchLabelSyntax => true,
        _ => false,
    });
}

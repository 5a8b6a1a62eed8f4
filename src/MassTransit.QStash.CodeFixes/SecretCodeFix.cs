using System.Collections.Immutable;
using System.Composition;
using MassTransit.QStash.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace MassTransit.QStash.CodeFixes;

/// <summary>QSTASH001 and QSTASH002: reads the environment variable in place of the secret.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class SecretCodeFix : QStashCodeFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rules.TokenInSource.Id, Rules.SigningKeyInSource.Id];

    /// <inheritdoc/>
    protected override string Title(Diagnostic diagnostic) => $"Read {Variable(diagnostic)}";

    /// <inheritdoc/>
    protected override SyntaxNode? Fix(SyntaxNode root, SyntaxNode found, Diagnostic diagnostic)
    {
        if (found is not ExpressionSyntax secret || MustBeConstant(secret))
            return null;

        var read = SyntaxFactory.ParseExpression($"global::System.Environment.GetEnvironmentVariable(\"{Variable(diagnostic)}\")!")
            .WithTriviaFrom(secret);
        read = read.ReplaceNodes(read.DescendantNodes().OfType<MemberAccessExpressionSyntax>(), static (_, name) =>
            name.WithAdditionalAnnotations(Simplifier.Annotation));
        return root.ReplaceNode(secret, read);
    }

    static string? Variable(Diagnostic diagnostic) => diagnostic.Properties[SecretAnalyzer.Variable];

    static bool MustBeConstant(ExpressionSyntax secret) => secret.Ancestors().Any(ancestor => ancestor switch
    {
        FieldDeclarationSyntax field => field.Modifiers.Any(SyntaxKind.ConstKeyword),
        LocalDeclarationStatementSyntax local => local.IsConst,
        AttributeSyntax or ParameterSyntax or PatternSyntax or SwitchLabelSyntax => true,
        _ => false,
    });
}

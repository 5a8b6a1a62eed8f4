using System.Collections.Immutable;
using System.Composition;
using MassTransit.QStash.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;

namespace MassTransit.QStash.CodeFixes;

/// <summary>QSTASH004: writes https.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class HttpsCodeFix : QStashCodeFix
{
    const string Http = "http://";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rules.PlainHttpAddress.Id];

    /// <inheritdoc/>
    protected override string Title(Diagnostic diagnostic) => "Use https";

    /// <inheritdoc/>
    protected override SyntaxNode? Fix(SyntaxNode root, SyntaxNode found, Diagnostic diagnostic)
    {
        // A constant of another name may be used elsewhere too.
        var token = found.DescendantTokens().FirstOrDefault(static token =>
            token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.InterpolatedStringTextToken
                && token.ValueText.StartsWith(Http, StringComparison.Ordinal));
        if (token.RawKind == 0)
            return null;

        var at = token.Text.IndexOf(Http, StringComparison.Ordinal);
        var (text, value) = (token.Text.Insert(at + 4, "s"), token.ValueText.Insert(4, "s"));
        return root.ReplaceToken(token, SyntaxFactory.Token(token.LeadingTrivia, token.Kind(), text, value, token.TrailingTrivia));
    }
}

using System.Collections.Immutable;
using System.Composition;
using MassTransit.QStash.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;

namespace MassTransit.QStash.CodeFixes;

/// <summary>QSTASH004: writes https.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class HttpsCodeFix : CodeFixProvider
{
    const string Http = "http://";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rules.PlainHttpAddress.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            // A constant of another name may be used elsewhere too.
            var text = root?.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true)
                .DescendantTokens()
                .FirstOrDefault(token => token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.InterpolatedStringTextToken && token.ValueText.StartsWith(Http, StringComparison.Ordinal));
            if (root is null || text is not { RawKind: not 0 } token)
                continue;

            context.RegisterCodeFix(
                CodeAction.Create("Use https", _ => Task.FromResult(Fix(context.Document, root, token)), nameof(HttpsCodeFix)),
                diagnostic);
        }
    }

    static Document Fix(Document document, SyntaxNode root, SyntaxToken token)
    {
        var at = token.Text.IndexOf(Http, StringComparison.Ordinal);
        var (text, value) = (token.Text.Insert(at + 4, "s"), token.ValueText.Insert(4, "s"));
        var secured = SyntaxFactory.Token(token.LeadingTrivia, token.Kind(), text, value, token.TrailingTrivia);
        return document.WithSyntaxRoot(root.ReplaceToken(token, secured));
    }
}

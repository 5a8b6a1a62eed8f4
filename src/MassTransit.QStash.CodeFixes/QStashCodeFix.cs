using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace MassTransit.QStash.CodeFixes;

/// <summary>A fix that changes one file, and can be applied to all findings at once.</summary>
public abstract class QStashCodeFix : CodeFixProvider
{
    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is null)
            return;

        foreach (var diagnostic in context.Diagnostics)
        {
            var found = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
            if (Fix(root, found, diagnostic) is not { } changed)
                continue;

            context.RegisterCodeFix(
                CodeAction.Create(Title(diagnostic), _ => Task.FromResult(context.Document.WithSyntaxRoot(changed)), GetType().Name),
                diagnostic);
        }
    }

    /// <summary>What the editor offers.</summary>
    protected abstract string Title(Diagnostic diagnostic);

    /// <summary>The file with the finding put right, or <see langword="null"/> where that takes a person.</summary>
    protected abstract SyntaxNode? Fix(SyntaxNode root, SyntaxNode found, Diagnostic diagnostic);
}

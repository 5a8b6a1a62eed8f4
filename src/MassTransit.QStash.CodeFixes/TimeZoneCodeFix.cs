using System.Collections.Immutable;
using System.Composition;
using MassTransit.QStash.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace MassTransit.QStash.CodeFixes;

/// <summary>QSTASH007: says that UTC is meant, which changes nothing; another zone can be put in its place.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class TimeZoneCodeFix : QStashCodeFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rules.ScheduleWithoutZone.Id];

    /// <inheritdoc/>
    protected override string Title(Diagnostic diagnostic) => "Say that it is UTC";

    /// <inheritdoc/>
    protected override SyntaxNode? Fix(SyntaxNode root, SyntaxNode found, Diagnostic diagnostic) => found switch
    {
        { Parent: ArgumentSyntax { Parent: ArgumentListSyntax arguments } argument } =>
            root.ReplaceNode(arguments, WithZone(arguments, argument)),
        LiteralExpressionSyntax literal =>
            root.ReplaceNode(literal, Text("CRON_TZ=UTC " + literal.Token.ValueText).WithTriviaFrom(literal)),
        _ => null,
    };

    /// <summary>Behind the expression; with a name where others follow, or the expression has one.</summary>
    static ArgumentListSyntax WithZone(ArgumentListSyntax arguments, ArgumentSyntax cron)
    {
        var index = arguments.Arguments.IndexOf(cron);
        var isLast = index == arguments.Arguments.Count - 1 && cron.NameColon is null;
        var zone = SyntaxFactory.Argument(isLast ? null : SyntaxFactory.NameColon("timeZone")
            .WithTrailingTrivia(SyntaxFactory.Space), default, Text("UTC"));
        var list = arguments.Arguments.Insert(index + 1, zone);
        var comma = list.GetSeparator(index);
        return arguments.WithArguments(list.ReplaceSeparator(comma, comma.WithTrailingTrivia(SyntaxFactory.Space)));
    }

    static LiteralExpressionSyntax Text(string value) =>
        SyntaxFactory.LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal(value));
}

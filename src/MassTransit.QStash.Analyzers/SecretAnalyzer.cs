using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace MassTransit.QStash.Analyzers;

/// <summary>
/// QSTASH001 and QSTASH002: text that looks like a token or a key, anywhere, and constants that are used as one.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SecretAnalyzer : QStashAnalyzer
{
    /// <summary>Property of a diagnostic: the environment variable for the secret.</summary>
    internal const string Variable = "Variable";

    const string Bearer = "Bearer ";
    const string TokenVariable = "QSTASH_TOKEN";
    const string CurrentVariable = "QSTASH_CURRENT_SIGNING_KEY";
    const string NextVariable = "QSTASH_NEXT_SIGNING_KEY";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.TokenInSource, Rules.SigningKeyInSource];

    /// <inheritdoc/>
    protected override void Register(AnalysisContext context)
    {
        context.RegisterOperationAction(AnalyzeText, OperationKind.Literal, OperationKind.Utf8String, OperationKind.InterpolatedStringText,
            OperationKind.Binary, OperationKind.InterpolatedString);
        context.RegisterOperationAction(
            AnalyzeSettings, OperationKind.Invocation, OperationKind.ObjectCreation, OperationKind.SimpleAssignment,
                OperationKind.CoalesceAssignment);
    }

    /// <summary>Reports a secret where it is written: the literal that contains it, or the whole expression that joins its parts.</summary>
    static void AnalyzeText(OperationAnalysisContext context)
    {
        switch (context.Operation)
        {
            case ILiteralOperation { ConstantValue: { HasValue: true, Value: string text } }:
                Find(context, text, static _ => true);
                break;
            case IUtf8StringOperation { Value: var text }:
                Find(context, text, static _ => true);
                break;
            case IBinaryOperation { Type.SpecialType: SpecialType.System_String }
                or IInterpolatedStringOperation when IsOutermost(context.Operation) && MayBeSplit(context.Operation):
                foreach (var text in context.Operation.PossibleTexts())
                {
                    if (Find(context, text.Value, secret => !text.Pieces.Any(piece => piece.Contains(secret))))
                        return;
                }

                break;
        }
    }

    static bool Find(OperationAnalysisContext context, string text, Func<string, bool> isNew)
    {
        if (KnownSecrets.FindToken(text) is { } token && isNew(token))
            Report(context, Rules.TokenInSource, context.Operation, TokenVariable);
        else if (KnownSecrets.FindSigningKey(text) is { } key && isNew(key))
            Report(context, Rules.SigningKeyInSource, context.Operation, IsForNext(context.Operation) ? NextVariable : CurrentVariable);
        else
            return false;

        return true;
    }

    static bool IsOutermost(IOperation operation) => !operation.Ancestors()
        .TakeWhile(static outer =>
            outer is IConversionOperation or IParenthesizedOperation or IInterpolationOperation or IInterpolatedStringOperation
                or IBinaryOperation)
        .Any(static outer => outer is IInterpolatedStringOperation or IBinaryOperation { Type.SpecialType: SpecialType.System_String });

    /// <summary>Whether an expression may be a secret in parts: only literals without blanks, and names. Prose is not.</summary>
    static bool MayBeSplit(IOperation whole) => whole.DescendantsAndSelf().All(static part => part switch
    {
        ILiteralOperation { ConstantValue: { HasValue: true, Value: string text } } => text == Bearer || !text.Any(char.IsWhiteSpace),
        IInvocationOperation or IPropertyReferenceOperation { Instance: not (null or IInstanceReferenceOperation) } => false,
        _ => true,
    });

    static void AnalyzeSettings(OperationAnalysisContext context)
    {
        foreach (var setting in Setting.In(context.Operation))
        {
            switch (setting.Role)
            {
                case Role.Token:
                    Judge(context, Rules.TokenInSource, setting.Value, TokenVariable);
                    break;
                case Role.CurrentKey:
                    Judge(context, Rules.SigningKeyInSource, setting.Value, CurrentVariable);
                    break;
                case Role.NextKey:
                    Judge(context, Rules.SigningKeyInSource, setting.Value, NextVariable);
                    break;
            }
        }
    }

    static void Judge(OperationAnalysisContext context, DiagnosticDescriptor rule, IOperation value, string variable)
    {
        var reported = new HashSet<SyntaxNode>();
        foreach (var text in value.PossibleTexts())
        {
            var secret = text.Value.StartsWith(Bearer, StringComparison.Ordinal) ? text.Value.Substring(Bearer.Length) : text.Value;

            // A text that looks like a secret is already reported where it is written.
            if (text.IsComplete && KnownSecrets.CouldBeSecret(secret) && KnownSecrets.FindToken(secret) is null
                && KnownSecrets.FindSigningKey(secret) is null
                && reported.Add(text.Shown.Syntax))
            {
                Report(context, rule, text.Shown, variable);
            }
        }
    }

    static void Report(OperationAnalysisContext context, DiagnosticDescriptor rule, IOperation value, string variable) =>
        context.ReportDiagnostic(Diagnostic.Create(
            rule, value.Syntax.GetLocation(), ImmutableDictionary<string, string?>.Empty.Add(Variable, variable), variable));

    /// <summary>Whether the target of the assignment is named as the next key.</summary>
    static bool IsForNext(IOperation literal) => literal.Parent switch
    {
        IConversionOperation conversion => IsForNext(conversion),
        IArgumentOperation argument => IsNext(argument.Parameter?.Name),
        IAssignmentOperation { Target: IPropertyReferenceOperation target } => IsNext(target.Property.Name),
        IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } => IsNext(declarator.Symbol.Name),
        IFieldInitializerOperation field => field.InitializedFields.Any(static initialized => IsNext(initialized.Name)),
        IPropertyInitializerOperation property => property.InitializedProperties.Any(static initialized => IsNext(initialized.Name)),
        _ => false,
    };

    static bool IsNext(string? name) => name?.IndexOf("next", StringComparison.OrdinalIgnoreCase) >= 0;
}

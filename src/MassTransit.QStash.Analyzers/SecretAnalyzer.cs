using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace MassTransit.QStash.Analyzers;

/// <summary>
/// QSTASH001 and QSTASH002: text that looks like a token or a key, wherever it is, and constants that are given where one
/// belongs (V3, V4).
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SecretAnalyzer : QStashAnalyzer
{
    /// <summary>Property of a diagnostic: the environment variable the secret belongs into.</summary>
    internal const string Variable = "Variable";

    const string TokenVariable = "QSTASH_TOKEN";
    const string CurrentVariable = "QSTASH_CURRENT_SIGNING_KEY";
    const string NextVariable = "QSTASH_NEXT_SIGNING_KEY";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.TokenInSource, Rules.SigningKeyInSource];

    /// <inheritdoc/>
    protected override void Register(AnalysisContext context)
    {
        context.RegisterOperationAction(AnalyzeLiteral, OperationKind.Literal);
        context.RegisterOperationAction(AnalyzeCall, OperationKind.Invocation);
        context.RegisterOperationAction(AnalyzeCreation, OperationKind.ObjectCreation);
        context.RegisterOperationAction(AnalyzeAssignment, OperationKind.SimpleAssignment);
    }

    static void AnalyzeLiteral(OperationAnalysisContext context)
    {
        if (context.Operation.ConstantText() is not { } text)
            return;

        if (KnownSecrets.IsToken(text))
            Report(context, Rules.TokenInSource, context.Operation, TokenVariable);
        else if (KnownSecrets.IsSigningKey(text))
            Report(context, Rules.SigningKeyInSource, context.Operation, IsForNext(context.Operation) ? NextVariable : CurrentVariable);
    }

    static void AnalyzeCall(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        if (call.TargetMethod.ContainingType.Is(Names.HostConfigurator))
            AnalyzeArguments(context, call.Arguments);
    }

    static void AnalyzeCreation(OperationAnalysisContext context)
    {
        var creation = (IObjectCreationOperation)context.Operation;
        if (creation.Type.Is(Names.KeyPair))
            AnalyzeArguments(context, creation.Arguments);
    }

    static void AnalyzeArguments(OperationAnalysisContext context, IEnumerable<IArgumentOperation> arguments)
    {
        foreach (var argument in arguments)
        {
            switch (argument.Parameter?.Name)
            {
                case "token":
                    Judge(context, Rules.TokenInSource, argument.Value, TokenVariable);
                    break;
                case "currentKey" or "current":
                    Judge(context, Rules.SigningKeyInSource, argument.Value, CurrentVariable);
                    break;
                case "nextKey" or "next":
                    Judge(context, Rules.SigningKeyInSource, argument.Value, NextVariable);
                    break;
            }
        }
    }

    static void AnalyzeAssignment(OperationAnalysisContext context)
    {
        foreach (var type in new[] { Names.TransportOptions, Names.ClientOptions, Names.Settings })
        {
            if (!context.Operation.IsAssignmentTo(type, static name => name is "Token" or "CurrentSigningKey" or "NextSigningKey", out var name, out var value))
                continue;

            if (name == "Token")
                Judge(context, Rules.TokenInSource, value, TokenVariable);
            else
                Judge(context, Rules.SigningKeyInSource, value, name == "NextSigningKey" ? NextVariable : CurrentVariable);
        }
    }

    static void Judge(OperationAnalysisContext context, DiagnosticDescriptor rule, IOperation value, string variable)
    {
        // What looks like a secret is reported where it is written.
        if (value.ConstantText() is { Length: >= KnownSecrets.ShortestSecret } text
            && !KnownSecrets.IsPublic(text) && !KnownSecrets.IsToken(text) && !KnownSecrets.IsSigningKey(text))
        {
            Report(context, rule, value, variable);
        }
    }

    static void Report(OperationAnalysisContext context, DiagnosticDescriptor rule, IOperation value, string variable) =>
        context.ReportDiagnostic(Diagnostic.Create(
            rule, value.Syntax.GetLocation(), ImmutableDictionary<string, string?>.Empty.Add(Variable, variable), variable));

    /// <summary>Whether it is called a next key by what it is given to.</summary>
    static bool IsForNext(IOperation literal) => literal.Parent switch
    {
        IArgumentOperation argument => IsNext(argument.Parameter?.Name),
        ISimpleAssignmentOperation { Target: IPropertyReferenceOperation property } => IsNext(property.Property.Name),
        IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } => IsNext(declarator.Symbol.Name),
        IFieldInitializerOperation field => IsNext(field.InitializedFields[0].Name),
        IPropertyInitializerOperation property => IsNext(property.InitializedProperties[0].Name),
        _ => false,
    };

    static bool IsNext(string? name) => name?.IndexOf("next", StringComparison.OrdinalIgnoreCase) >= 0;
}

using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace MassTransit.QStash.Analyzers;

/// <summary>QSTASH010: QStash in a Blazor WebAssembly or MAUI project, whose users could read its secrets (V15).</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ClientProgramAnalyzer : QStashAnalyzer
{
    /// <summary>Properties of the project that the package makes visible (MassTransit.QStash.props).</summary>
    static readonly string[] ClientProjects = ["build_property.UsingMicrosoftNETSdkBlazorWebAssembly", "build_property.UseMaui"];

    static readonly string[] Types = [Names.ClientOptions, Names.KeyPair, Names.TransportOptions, "QStash.Client.QStashClient"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.SecretsOnTheClient];

    /// <inheritdoc/>
    protected override void Register(AnalysisContext context)
    {
        context.RegisterCompilationStartAction(static start =>
        {
            var options = start.Options.AnalyzerConfigOptionsProvider.GlobalOptions;
            if (!ClientProjects.Any(property => options.TryGetValue(property, out var value) && value.Equals("true", StringComparison.OrdinalIgnoreCase)))
                return;

            start.RegisterOperationAction(
                static analysis =>
                {
                    if (NeedsSecrets(analysis.Operation))
                        analysis.ReportDiagnostic(Diagnostic.Create(Rules.SecretsOnTheClient, analysis.Operation.Syntax.GetLocation()));
                },
                OperationKind.Invocation, OperationKind.ObjectCreation, OperationKind.Literal);
        });
    }

    static bool NeedsSecrets(IOperation operation) => operation switch
    {
        IInvocationOperation call => call.TargetMethod.Name is "UsingQStash" or "AddQStashClient" or "AddQStashHttpClient",
        IObjectCreationOperation creation => Types.Any(type => creation.Type.Is(type)),
        _ => operation.ConstantText()?.StartsWith("QSTASH_", StringComparison.Ordinal) is true,
    };
}

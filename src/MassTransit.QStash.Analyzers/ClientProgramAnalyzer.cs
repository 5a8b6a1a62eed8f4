using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace MassTransit.QStash.Analyzers;

/// <summary>QSTASH010: QStash in a program whose users could read its secrets: Blazor WebAssembly, MAUI, a mobile app.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ClientProgramAnalyzer : QStashAnalyzer
{
    /// <summary>Properties of the project that the package makes visible (MassTransit.QStash.props).</summary>
    static readonly string[] ClientProjects = ["build_property.UsingMicrosoftNETSdkBlazorWebAssembly", "build_property.UseMaui"];

    static readonly string[] ClientPlatforms = ["android", "ios", "maccatalyst", "tvos", "browser"];

    /// <summary>Endings of the names of types that hold or need a secret. A message type alone does no harm.</summary>
    static readonly string[] Secretive = ["Options", "Settings", "Client", "Keys", "KeyPair", "Verifier"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.SecretsOnTheClient];

    /// <inheritdoc/>
    protected override void Register(AnalysisContext context)
    {
        context.RegisterCompilationStartAction(static start =>
        {
            if (!IsClient(start.Options.AnalyzerConfigOptionsProvider.GlobalOptions))
                return;

            start.RegisterOperationAction(
                static analysis =>
                {
                    if (NeedsSecrets(analysis.Operation))
                        analysis.ReportDiagnostic(Diagnostic.Create(Rules.SecretsOnTheClient, analysis.Operation.Syntax.GetLocation()));
                },
                OperationKind.Invocation, OperationKind.ObjectCreation, OperationKind.Literal, OperationKind.FieldReference);
        });
    }

    static bool IsClient(AnalyzerConfigOptions options) =>
        ClientProjects.Any(property =>
            options.TryGetValue(property, out var value) && value.Equals("true", StringComparison.OrdinalIgnoreCase))
        || (options.TryGetValue("build_property.TargetPlatformIdentifier", out var platform)
            && ClientPlatforms.Contains(platform, StringComparer.OrdinalIgnoreCase));

    static bool NeedsSecrets(IOperation operation) => operation switch
    {
        // Static methods of ours register, map or read settings, whatever their names are in a later version.
        IInvocationOperation { TargetMethod: { IsStatic: true } method } =>
            method.ContainingType.IsOurs() && (method.Name.Contains("QStash") || method.Name == "Resolve"),
        IObjectCreationOperation creation =>
            creation.Type.IsOurs() && Secretive.Any(end => creation.Type!.Name.EndsWith(end, StringComparison.Ordinal)),
        _ => operation.ConstantValue is { HasValue: true, Value: string text } && text.StartsWith("QSTASH_", StringComparison.Ordinal),
    };
}

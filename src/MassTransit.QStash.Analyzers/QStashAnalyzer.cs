using Microsoft.CodeAnalysis.Diagnostics;

namespace MassTransit.QStash.Analyzers;

/// <summary>What all rules have in common: generated code is nobody's fault, and the compiler may run them at the same time.</summary>
public abstract class QStashAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        Register(context);
    }

    /// <summary>Says what the rule looks at.</summary>
    protected abstract void Register(AnalysisContext context);
}

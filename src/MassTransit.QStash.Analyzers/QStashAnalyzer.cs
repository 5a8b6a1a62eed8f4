using Microsoft.CodeAnalysis.Diagnostics;

namespace MassTransit.QStash.Analyzers;

/// <summary>The base class of all rules: they ignore generated code, and the compiler may run them at the same time.</summary>
public abstract class QStashAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        Register(context);
    }

    /// <summary>Registers the code that the rule examines.</summary>
    protected abstract void Register(AnalysisContext context);
}

using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace MassTransit.QStash.Analyzers;

/// <summary>QSTASH009: a send whose exception is caught and dropped, or whose task is ignored.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SwallowAnalyzer : QStashAnalyzer
{
    static readonly string[] Senders =
    [
        "MassTransit.IPublishEndpoint", "MassTransit.ISendEndpoint", "MassTransit.ISendEndpointProvider", "MassTransit.IMessageScheduler",
            "MassTransit.ConsumeContext",
        "QStash.Client.IQStashClient",
    ];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.SwallowedFailure];

    /// <inheritdoc/>
    protected override void Register(AnalysisContext context)
    {
        context.RegisterOperationAction(AnalyzeTry, OperationKind.Try);
        context.RegisterOperationAction(AnalyzeCall, OperationKind.Invocation);
    }

    static void AnalyzeTry(OperationAnalysisContext context)
    {
        var attempt = (ITryOperation)context.Operation;
        if (attempt.Catches.IsEmpty || attempt.Body.OwnDescendants().OfType<IInvocationOperation>().FirstOrDefault(IsSend) is not { } send)
            return;

        foreach (var handler in attempt.Catches.Where(handler => CaughtFailure.IsDropped(handler, attempt)))
        {
            context.ReportDiagnostic(Diagnostic.Create(
                Rules.SwallowedFailure, handler.Syntax.GetFirstToken()
                    .GetLocation(), send.TargetMethod.Name, "let the exception through, or keep the message to send it later"));
        }
    }

    static void AnalyzeCall(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        if (IsSend(call) && ForgottenTask.Find(call) is { } forgotten)
            context.ReportDiagnostic(Diagnostic.Create(Rules.SwallowedFailure, forgotten.Syntax.GetLocation(), call.TargetMethod.Name,
                "await it"));
    }

    static bool IsSend(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (!IsSendName(method.Name) || !IsTask(method.ReturnType))
            return false;

        // Extension methods have the sender as their first argument.
        var sender = method.IsExtensionMethod ? (method.ReducedFrom ?? method).Parameters[0].Type : method.ContainingType;
        return Senders.Any(known => sender.IsOrImplements(known));
    }

    static bool IsSendName(string name) =>
        name is "Publish" or "PublishBatch" or "Send" or "SendBatch" or "Forward" or "RespondAsync" or "PublishAsync" or "BatchAsync"
        || name.StartsWith("Schedule", System.StringComparison.Ordinal);

    static bool IsTask(ITypeSymbol type) => type is { Name: "Task" or "ValueTask", ContainingNamespace.Name: "Tasks" };
}

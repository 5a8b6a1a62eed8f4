using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace MassTransit.QStash.Analyzers;

/// <summary>QSTASH007: a cron expression that names hours, and no time zone (S9). An explicit <see langword="null"/> says that UTC is meant.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ScheduleAnalyzer : QStashAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.ScheduleWithoutZone];

    /// <inheritdoc/>
    protected override void Register(AnalysisContext context)
    {
        context.RegisterOperationAction(AnalyzeDeclaration, OperationKind.Invocation);
        context.RegisterOperationAction(AnalyzeDefinition, OperationKind.SimpleAssignment);
    }

    static void AnalyzeDeclaration(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        if (call.TargetMethod.Name == "Cron" && call.TargetMethod.ContainingType.Is(Names.SchedulesConfigurator)
            && call.Argument("timeZone") is null or { ArgumentKind: ArgumentKind.DefaultValue }
            && call.Argument("cronExpression") is { Value: var cron })
        {
            Judge(context, cron);
        }
    }

    static void AnalyzeDefinition(OperationAnalysisContext context)
    {
        if (context.Operation.IsAssignmentTo(Names.ScheduleDefinition, static name => name == "Cron", out _, out var cron))
            Judge(context, cron);
    }

    static void Judge(OperationAnalysisContext context, IOperation cron)
    {
        if (cron.ConstantText() is { } text && NamesHours(text))
            context.ReportDiagnostic(Diagnostic.Create(Rules.ScheduleWithoutZone, cron.Syntax.GetLocation(), text));
    }

    /// <summary>Every minute, every five minutes and every hour are the same in all zones.</summary>
    static bool NamesHours(string cron)
    {
        var fields = cron.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        var hour = fields.Length switch
        {
            5 => fields[1],
            // With seconds in front.
            6 or 7 => fields[2],
            _ => "*",
        };
        return hour.Any(char.IsDigit) && hour[0] is not ('*' or '/') && !cron.TrimStart().StartsWith("CRON_TZ=", StringComparison.Ordinal);
    }
}

using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace MassTransit.QStash.Analyzers;

/// <summary>
/// QSTASH007: a cron expression with hours or days but without a time zone. An explicit <see langword="null"/> means UTC.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ScheduleAnalyzer : QStashAnalyzer
{
    static readonly string[] ZonePrefixes = ["CRON_TZ=", "TZ="];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.ScheduleWithoutZone];

    /// <inheritdoc/>
    protected override void Register(AnalysisContext context)
    {
        context.RegisterOperationAction(AnalyzeDeclaration, OperationKind.Invocation);
        context.RegisterOperationAction(AnalyzeDefinition, OperationKind.SimpleAssignment, OperationKind.CoalesceAssignment);
    }

    static void AnalyzeDeclaration(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        if (call.TargetMethod.Name == "Cron" && call.TargetMethod.ContainingType.Is(Names.SchedulesConfigurator)
            && call.Argument("cronExpression") is { Value: var cron } && !HasZone(call.Argument("timeZone")))
        {
            Judge(context, cron);
        }
    }

    static void AnalyzeDefinition(OperationAnalysisContext context)
    {
        if (context.Operation.IsAssignmentTo(Names.ScheduleDefinition, static name => name == "Cron", out _, out var cron))
            Judge(context, cron);
    }

    /// <summary>A blank text is not a time zone and is not an explicit choice of UTC either.</summary>
    static bool HasZone(IArgumentOperation? zone) =>
        zone is not null and not { ArgumentKind: ArgumentKind.DefaultValue }
        && !(zone.Value.PossibleTexts().ToList() is { Count: > 0 } texts && texts.All(static text => text.Value.Trim().Length == 0));

    static void Judge(OperationAnalysisContext context, IOperation cron)
    {
        var reported = new HashSet<SyntaxNode>();
        foreach (var text in cron.PossibleTexts())
        {
            if (DependsOnZone(text.Value) && reported.Add(text.Shown.Syntax))
                context.ReportDiagnostic(Diagnostic.Create(Rules.ScheduleWithoutZone, text.Shown.Syntax.GetLocation(),
                    text.Value.Replace(Text.Hole, '…')));
        }
    }

    /// <summary>Every minute, every five minutes and every hour are the same in all zones. Every second hour is not.</summary>
    static bool DependsOnZone(string cron)
    {
        var fields = cron.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length > 0 && ZonePrefixes.FirstOrDefault(prefix => fields[0].StartsWith(prefix, StringComparison.Ordinal)) is { } zone)
        {
            if (fields[0].Length > zone.Length)
                return false;

            fields = [.. fields.Skip(1)];
        }

        if (fields.Length > 0 && fields[0].StartsWith("@", StringComparison.Ordinal))
            return fields[0] is "@daily" or "@midnight" or "@weekly" or "@monthly" or "@yearly" or "@annually";

        // Expressions of six and seven fields have seconds in front.
        return fields.Length is >= 5 and <= 7
            && fields.Skip(fields.Length == 5 ? 1 : 2).Any(static field => !IsEach(field) && field.IndexOf(Text.Hole) < 0);
    }

    static bool IsEach(string field) => field is "*" or "?" or "*/1";
}

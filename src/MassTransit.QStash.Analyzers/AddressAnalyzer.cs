using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace MassTransit.QStash.Analyzers;

/// <summary>
/// QSTASH003 and QSTASH004: addresses for QStash to call that are private or plain http. Both are allowed with the emulator, and in a
/// branch for development.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AddressAnalyzer : QStashAnalyzer
{
    /// <summary>Scheme, host and the end of the host, if the text shows it.</summary>
    static readonly Regex Address = new($@"^(?<scheme>https?|{Text.Hole})://(?:[^/?#@]*@)?(?<host>\[[^\]]*\]|[^/?#:]*)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.UnreachableAddress, Rules.PlainHttpAddress];

    /// <inheritdoc/>
    protected override void Register(AnalysisContext context) =>
        context.RegisterOperationAction(Analyze, OperationKind.Invocation, OperationKind.ObjectCreation, OperationKind.SimpleAssignment,
            OperationKind.CoalesceAssignment);

    static void Analyze(OperationAnalysisContext context)
    {
        foreach (var setting in Setting.In(context.Operation))
        {
            if (setting.Role == Role.Address)
                Analyze(context, setting.Value);
        }
    }

    static void Analyze(OperationAnalysisContext context, IOperation address)
    {
        var reported = new HashSet<SyntaxNode>();
        bool? isEmulated = null;
        foreach (var text in address.PossibleTexts())
        {
            if (Judge(text.Value) is not { } rule || reported.Contains(text.Shown.Syntax))
                continue;

            if (text.Origin.Operation.IsForDevelopment() || address.IsForDevelopment())
                continue;

            isEmulated ??= Emulation.IsBeside(context.Operation, context.ContainingSymbol, context.CancellationToken);
            if (isEmulated is true)
                return;

            var shown = Inner(text.Shown);
            reported.Add(text.Shown.Syntax);
            context.ReportDiagnostic(Diagnostic.Create(rule, shown.Syntax.GetLocation(), text.Value.Replace(Text.Hole, '…')));
        }
    }

    /// <summary>The text in <c>new Uri(…)</c>, if there is one.</summary>
    static IOperation Inner(IOperation shown) =>
        shown is Microsoft.CodeAnalysis.Operations.IObjectCreationOperation { Arguments: { Length: > 0 } arguments }
            ? arguments[0].Value.Unwrap() : shown;

    static DiagnosticDescriptor? Judge(string text)
    {
        var match = Address.Match(text.Trim());
        if (!match.Success)
            return null;

        var isPlain = match.Groups["scheme"].Value.Equals("http", StringComparison.OrdinalIgnoreCase);
        var host = match.Groups["host"].Value;
        var lastHole = host.LastIndexOf(Text.Hole);

        // https://localhost{port}: what follows a whole name is a port or a path.
        if (lastHole == host.Length - 1 && host.IndexOf(Text.Hole) == lastHole && PublicHost.IsLoopback(host.TrimEnd(Text.Hole)))
            (host, lastHole) = (host.TrimEnd(Text.Hole), -1);

        if (lastHole >= 0)
        {
            var end = host.IndexOf('.', lastHole);
            if (end < 0)
                return isPlain ? Rules.PlainHttpAddress : null;

            host = "x" + host.Substring(end);
        }

        if (!Uri.TryCreate($"https://{host}/", UriKind.Absolute, out var uri) || PublicHost.IsMadeUp(uri.Host))
            return null;

        // The ending of a host alone does not tell whether it is private.
        if (PublicHost.IsPrivate(uri))
            return Rules.UnreachableAddress;

        return isPlain ? Rules.PlainHttpAddress : null;
    }
}

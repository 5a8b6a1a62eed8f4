using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace MassTransit.QStash.Analyzers;

/// <summary>
/// QSTASH003 and QSTASH004: addresses QStash is to call that are private, or plain http (AP2, S5, V5, V6). Code that mentions
/// <c>UseEmulator</c> is left alone, since both are right then.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AddressAnalyzer : QStashAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.UnreachableAddress, Rules.PlainHttpAddress];

    /// <inheritdoc/>
    protected override void Register(AnalysisContext context) =>
        context.RegisterOperationBlockAction(Analyze);

    static void Analyze(OperationBlockAnalysisContext context)
    {
        var addresses = context.OperationBlocks
            .SelectMany(static block => block.Descendants())
            .Select(static operation => AddressIn(operation))
            .OfType<IOperation>()
            .ToList();

        if (addresses.Count == 0 || context.OperationBlocks.SelectMany(static block => block.Descendants()).Any(IsUseEmulator))
            return;

        foreach (var address in addresses)
        {
            var text = Text(address);
            if (text is null || !Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || PublicHost.IsMadeUp(uri))
                continue;

            if (PublicHost.IsPrivate(uri))
                context.ReportDiagnostic(Diagnostic.Create(Rules.UnreachableAddress, address.Syntax.GetLocation(), text));
            else if (uri.Scheme == "http")
                context.ReportDiagnostic(Diagnostic.Create(Rules.PlainHttpAddress, address.Syntax.GetLocation(), text));
        }
    }

    static bool IsUseEmulator(IOperation operation) =>
        operation is IInvocationOperation { TargetMethod: { Name: "UseEmulator", ContainingType: var type } } && type.Is(Names.HostConfigurator);

    /// <summary>The address that is given for QStash to call; the text in <c>new Uri(…)</c> if there is one.</summary>
    static IOperation? AddressIn(IOperation operation)
    {
        IOperation? address = null;
        if (operation is IInvocationOperation call)
        {
            address = call.TargetMethod.Name switch
            {
                "Host" when call.TargetMethod.ContainingType.Is(Names.BusConfigurator) => call.Argument("baseAddress")?.Value,
                "InstanceBaseAddress" when call.TargetMethod.ContainingType.Is(Names.HostConfigurator) => call.Argument("baseAddress")?.Value,
                "Route" when call.TargetMethod.ContainingType.Is(Names.HostConfigurator) => call.Argument("address")?.Value,
                _ => null,
            };
        }
        else if (operation.IsAssignmentTo(Names.TransportOptions, static name => name is "BaseAddress" or "InstanceBaseAddress", out _, out var value))
        {
            address = value;
        }

        address = address?.Unwrap();
        return address is IObjectCreationOperation { Arguments.Length: > 0 } creation && creation.Type.Is("System.Uri") ? creation.Arguments[0].Value.Unwrap() : address;
    }

    /// <summary>A constant, or of an interpolated text the beginning, if that has the whole host.</summary>
    static string? Text(IOperation address)
    {
        if (address.ConstantText() is { } constant)
            return constant;

        if (address is not IInterpolatedStringOperation interpolated
            || interpolated.Parts.FirstOrDefault() is not IInterpolatedStringTextOperation beginning
            || beginning.Text.ConstantText() is not { } text)
        {
            return null;
        }

        var host = text.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = host < 3 ? -1 : text.IndexOfAny([':', '/', '?'], host);
        return end < 0 ? null : text.Substring(0, end);
    }
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace MassTransit.QStash.Analyzers;

/// <summary>
/// Finds the texts that an expression may evaluate to: constants, and texts that are joined, formatted or wrapped of them.
/// </summary>
static class Texts
{
    const int MostTexts = 16;

    /// <summary>Deep enough for code that people write; a chain of a thousand <c>+</c> is data.</summary>
    const int Deepest = 24;

    static readonly string Unknown = Text.Hole.ToString();

    public static IEnumerable<Text> PossibleTexts(this IOperation value) => value.Origins()
        .SelectMany(static origin => Expand(origin.Operation, 0).Select(text => new Text(text, origin)))
        .Where(static text => text.Value != Unknown)
        .Take(MostTexts);

    static IEnumerable<string> Of(IOperation? value, int depth) =>
        value is null || depth >= Deepest ? [Unknown] : value.Origins().SelectMany(origin => Expand(origin.Operation, depth + 1))
            .Take(MostTexts).DefaultIfEmpty(Unknown);

    static IEnumerable<string> Expand(IOperation value, int depth) => value switch
    {
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String } sum =>
            Join([sum.LeftOperand, sum.RightOperand], depth),
        IInterpolatedStringOperation interpolated => Join(interpolated.Parts.Select(static part => part switch
        {
            IInterpolatedStringTextOperation text => text.Text,
            IInterpolationOperation hole => hole.Expression,
            _ => null,
        }), depth),
        { ConstantValue: { HasValue: true, Value: string text } } => [text],
        { ConstantValue: { HasValue: true, Value: char or int or bool } constant } => [constant.Value.ToString()],
        { ConstantValue: { HasValue: true, Value: null } } => [],
        IUtf8StringOperation bytes => [bytes.Value],
        IFieldReferenceOperation { Field: { Name: "Empty", ContainingType.SpecialType: SpecialType.System_String } } => [""],
        IObjectCreationOperation { Type.Name: "Uri" or "UriBuilder", Arguments.Length: > 0 } address => OfAddress(address.Arguments, depth),
        IPropertyReferenceOperation { Property.Name: "Uri" or "AbsoluteUri" or "OriginalString" } property
            when property.Property.ContainingType.Name is "Uri" or "UriBuilder" => Of(property.Instance, depth),
        IInvocationOperation call => OfCall(call, depth),
        _ => [Unknown],
    };

    /// <summary>The text given to <c>new Uri(…)</c>, or scheme and host of <c>new UriBuilder(…)</c>.</summary>
    static IEnumerable<string> OfAddress(IReadOnlyList<IArgumentOperation> arguments, int depth) =>
        arguments[0].Parameter?.Name is "schemeName" or "scheme" && arguments.Count > 1
        ? Of(arguments[0].Value, depth).SelectMany(scheme => Of(arguments[1].Value, depth).Select(host => scheme + "://" + host + "/"))
        : Of(arguments[0].Value, depth);

    static IEnumerable<string> OfCall(IInvocationOperation call, int depth)
    {
        var isOfText = call.TargetMethod.ContainingType.SpecialType == SpecialType.System_String;
        return call.TargetMethod.Name switch
        {
            "Concat" when isOfText => Join(Parts(call.Arguments), depth),
            "Format" when isOfText && call.Argument("format") is { Value: var format } => Of(format, depth).Select(Formatted),
            "Trim" or "TrimEnd" or "TrimStart" or "ToLowerInvariant" or "ToLower" when isOfText => Of(call.Instance, depth),
            "ToString" when isOfText || call.Instance?.Type?.Name is "Uri" or "UriBuilder" => Of(call.Instance, depth),
            _ => [Unknown],
        };
    }

    static IEnumerable<IOperation?> Parts(IEnumerable<IArgumentOperation> arguments) => arguments.SelectMany(static argument =>
        argument.Value is IArrayCreationOperation { Initializer: { } items } ? items.ElementValues.AsEnumerable<IOperation?>()
            : [argument.Value]);

    static string Formatted(string format)
    {
        var text = new System.Text.StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            var end = format[i] == '{' ? format.IndexOf('}', i) : -1;
            text.Append(end < 0 ? format[i] : Text.Hole);
            i = Math.Max(i, end);
        }

        return text.ToString();
    }

    static IEnumerable<string> Join(IEnumerable<IOperation?> parts, int depth)
    {
        IReadOnlyList<string> texts = [""];
        foreach (var part in parts)
        {
            var ends = Of(part, depth).ToList();
            texts = [.. texts.SelectMany(text => ends.Select(end => text.Length == 0 ? end : text + Text.Seam + end)).Take(MostTexts)];
        }

        return texts;
    }
}

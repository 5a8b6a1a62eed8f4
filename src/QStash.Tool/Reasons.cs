using System.Text.Json;
using QStash.Client;

namespace QStash.Tool;

/// <summary>Why a message failed, in one line, if the last answer says so.</summary>
static class Reasons
{
    const int Longest = 200;
    static readonly string[] Names = ["reason", "exceptionType", "message", "title", "detail", "error"];

    public static string? Of(QStashDeadLetter letter) =>
        letter.ResponseStatus == 0 && letter.ResponseBody.IsEmpty ? null : Of(letter.ResponseBody);

    /// <summary>The reason in an answer of a MassTransit endpoint or in problem details; otherwise the first line of a text.</summary>
    public static string? Of(ReadOnlyMemory<byte> body) => Json(body) ?? FirstLine(body.Span);

    static string? Json(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return null;

            var known = Names.Select(name => Text(document.RootElement, name)).OfType<string>().ToList();
            return known.Count == 0 ? null
                : Line(string.Join(": ", known) + (Text(document.RootElement, "consumerType") is { } consumer ? $" (in {consumer})" : ""));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text : null;

    static string? FirstLine(ReadOnlySpan<byte> body) =>
        Values.TextOf(body)?.Trim().ReplaceLineEndings("\n").Split('\n')[0] is { Length: > 0 } line ? Line(line) : null;

    static string Line(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= Longest ? line : line[..Longest] + "…";
    }
}

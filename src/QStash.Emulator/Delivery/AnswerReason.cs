using System.Text;
using System.Text.Json;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Delivery;

/// <summary>Why an attempt failed, in one line for people, if the destination's answer says so.</summary>
static class AnswerReason
{
    const int LongestText = 300;

    /// <summary>
    /// The reason without the answer itself: why there was no answer, where it redirects to, or the reason in a JSON body, as in answers of
    /// MassTransit's receive endpoints and problem details. <see langword="null"/> when the answer has none of these.
    /// </summary>
    public static string? Of(AttemptResult result) => result switch
    {
        { IsSuccess: true } => null,
        { TransportError: { } error } => error,
        { Status: >= 300 and < 400 } when result.Headers.TryGetValue("Location", out var to) && to.Length > 0 =>
            Line($"it redirects to {to[0]}, and redirects are not followed"),
        _ => OfJson(result.Body),
    };

    /// <summary>The same, or the first line of an answer that is text.</summary>
    public static string? OrTextOf(AttemptResult result) => Of(result) ?? (result.IsSuccess ? null : FirstLine(result.Body));

    static string? OfJson(byte[] body)
    {
        if (body.AsSpan().TrimStart(" \t\r\n"u8) is not [(byte)'{', ..])
            return null;

        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            var parts = new[] { Text(root, "reason"), Text(root, "exceptionType"), Text(root, "message"), Text(root, "title"),
                Text(root, "detail"), Text(root, "error") };
            var known = parts.OfType<string>().ToList();
            if (known.Count == 0)
                return null;

            return Line(string.Join(": ", known) + (Text(root, "consumerType") is { } consumer ? $" (in {consumer})" : ""));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text : null;

    static string? FirstLine(byte[] body)
    {
        if (body.Length == 0 || body.AsSpan(0, Math.Min(body.Length, LongestText)).Contains((byte)0))
            return null;

        var text = Encoding.UTF8.GetString(body, 0, Math.Min(body.Length, LongestText * 4)).Trim();
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        return text.Length > 0 ? Line(end < 0 ? text : text[..end]) : null;
    }

    /// <summary>Makes one line of a text, without characters that a terminal would obey.</summary>
    static string Line(string text)
    {
        var line = string.Concat(text.Select(static character => char.IsControl(character) ? ' ' : character));
        return line.Length <= LongestText ? line : line[..LongestText] + "…";
    }
}

using System.Text.Json;
using QStash.Emulator.Api;
using QStash.Emulator.Errors;
using QStash.Emulator.Grammar;
using QStash.Emulator.Http;

namespace QStash.Emulator.Control;

/// <summary>The JSON object a call of the control surface carries; an empty body is an empty object.</summary>
static class ControlBody
{
    const int MaxSize = 64 * 1024;

    static readonly JsonElement Empty = JsonElement.Parse("{}");

    /// <exception cref="ApiException">400 naming an unknown member, because a misspelt fault would do nothing.</exception>
    public static async Task<JsonElement> ReadAsync(HttpContext context, params string[] members)
    {
        var bytes = await context.ReadBodyAsync(MaxSize, "invalid body: it is too large");
        if (bytes.Length == 0)
            return Empty;

        using var document = JsonBody.Parse(bytes);
        var body = JsonBody.Object(document.RootElement, "body").Clone();
        foreach (var member in body.EnumerateObject())
        {
            if (!members.Contains(member.Name, StringComparer.Ordinal))
                throw ApiException.BadRequest($"unknown member '{member.Name}': known are {string.Join(", ", members)}");
        }

        return body;
    }

    public static TimeSpan? OptionalDuration(JsonElement body, string name)
    {
        if (JsonBody.OptionalText(body, name) is not { } text)
            return null;

        return PublishDuration.TryParse(text, out var duration)
            ? duration
            : throw ApiException.BadRequest($"invalid {name}: it must be a duration such as 10s, 5m, 2h or 1d10h30m");
    }

    public static double? OptionalNumber(JsonElement body, string name)
    {
        if (JsonBody.Member(body, name) is not { } value)
            return null;

        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number)
            ? number
            : throw ApiException.BadRequest($"invalid {name}: it must be a number");
    }
}

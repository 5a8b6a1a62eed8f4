using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using QStash.Emulator.Errors;

namespace QStash.Emulator.Api;

/// <summary>Reads request bodies leniently. Errors name the field.</summary>
static class JsonBody
{
    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            throw ApiException.BadRequest("invalid body: it is not JSON");
        }

        // A lone surrogate can only come from an escape such as \ud800. It is refused here, because it would fail wherever the member is
        // read.
        if ((body.Span.IndexOf(@"\ud"u8) < 0 && body.Span.IndexOf(@"\uD"u8) < 0) || HasReadableNames(document.RootElement))
            return document;

        document.Dispose();
        throw ApiException.BadRequest("invalid body: the name of a member is not valid text");
    }

    public static JsonElement Object(JsonElement element, string field) => element.ValueKind == JsonValueKind.Object
        ? element
        : throw ApiException.BadRequest($"invalid {field}: it must be a JSON object");

    /// <summary>A member that is present and not null.</summary>
    public static JsonElement? Member(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static string? OptionalText(JsonElement element, string name) =>
        Member(element, name) is { } value ? Text(value, name) : null;

    /// <summary>A text as UTF-8, empty if there is none. It is not made into a string first, because bodies may be large.</summary>
    public static byte[] OptionalBytes(JsonElement element, string name)
    {
        if (Member(element, name) is not { ValueKind: JsonValueKind.String } text)
            return Encoding.UTF8.GetBytes(OptionalText(element, name) ?? "");

        var json = JsonMarshal.GetRawUtf8Value(text);
        var bytes = ArrayPool<byte>.Shared.Rent(json.Length);
        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            return bytes[..reader.CopyString(bytes)];
        }
        catch (InvalidOperationException)
        {
            throw NotText(name);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    public static int? OptionalInteger(JsonElement element, string name)
    {
        if (Member(element, name) is not { } value)
            return null;

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            ? number
            : throw ApiException.BadRequest($"invalid {name}: it must be a whole number");
    }

    public static bool? OptionalFlag(JsonElement element, string name) => Member(element, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw ApiException.BadRequest($"invalid {name}: it must be true or false"),
    };

    /// <summary>One text or an array of them; numbers count as their text, null as none.</summary>
    public static string[] Texts(JsonElement element, string field) => element.ValueKind switch
    {
        JsonValueKind.Null => [],
        JsonValueKind.Array => [.. element.EnumerateArray().Select(item => Text(item, field))],
        _ => [Text(element, field)],
    };

    static bool HasReadableNames(JsonElement element)
    {
        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.Object =>
                    element.EnumerateObject().All(static member => member.Name is not null && HasReadableNames(member.Value)),
                JsonValueKind.Array => element.EnumerateArray().All(HasReadableNames),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    static string Text(JsonElement element, string field)
    {
        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.String => element.GetString()!,
                JsonValueKind.Number => element.GetRawText(),
                _ => throw ApiException.BadRequest($"invalid {field}: it must be text"),
            };
        }
        catch (InvalidOperationException)
        {
            throw NotText(field);
        }
    }

    /// <summary>An escape such as \ud800 alone is no character.</summary>
    static ApiException NotText(string field) => ApiException.BadRequest($"invalid {field}: it is not valid text");
}

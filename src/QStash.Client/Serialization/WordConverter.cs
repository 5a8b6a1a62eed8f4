using System.Text.Json;
using System.Text.Json.Serialization;

namespace QStash.Client;

// An enum as QStash writes it, such as IN_PROGRESS. A word that this version does not know becomes the first member, Unknown.
sealed class WordConverter<T> : JsonConverter<T> where T : struct, Enum
{
    static readonly Dictionary<string, T> Values = Enum.GetValues<T>().ToDictionary(ToWire, StringComparer.OrdinalIgnoreCase);

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { } word && Values.TryGetValue(OneSpelling(word.ToUpperInvariant()), out var value) ? value : default;

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(ToWire(value));

    public static string ToWire(T value) => OneSpelling(JsonNamingPolicy.SnakeCaseUpper.ConvertName(value.ToString()));

    // QStash uses both spellings.
    static string OneSpelling(string word) => word.Replace("CANCELLED", "CANCELED", StringComparison.Ordinal);
}

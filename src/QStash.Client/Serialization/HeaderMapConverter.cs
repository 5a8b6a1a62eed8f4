using System.Collections.ObjectModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace QStash.Client;

// Values are arrays in real answers, but single texts in some of QStash's documentation.
sealed class HeaderMapConverter : JsonConverter<IReadOnlyDictionary<string, IReadOnlyList<string>>>
{
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> Empty =
        ReadOnlyDictionary<string, IReadOnlyList<string>>.Empty;

    public override IReadOnlyDictionary<string, IReadOnlyList<string>>? Read(ref Utf8JsonReader reader, Type typeToConvert,
        JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("An object of headers was expected.");

        var headers = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            headers[name] = ReadValues(ref reader);
        }

        return headers;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, IReadOnlyList<string>> value,
        JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, values) in value)
        {
            writer.WriteStartArray(name);
            foreach (var text in values)
                writer.WriteStringValue(text);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    static List<string> ReadValues(ref Utf8JsonReader reader)
    {
        var values = new List<string>();
        if (reader.TokenType == JsonTokenType.String)
            values.Add(reader.GetString()!);
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType == JsonTokenType.String)
                    values.Add(reader.GetString()!);
                else
                    reader.Skip();
            }
        }
        else
            reader.Skip();

        return values;
    }
}

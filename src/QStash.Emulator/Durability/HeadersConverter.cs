using System.Text.Json;
using System.Text.Json.Serialization;
using QStash.Emulator.Messages;

namespace QStash.Emulator.Durability;

/// <summary>Reads headers as case-insensitive lists that share equal texts, as they were before.</summary>
sealed class HeadersConverter : JsonConverter<HeaderList>
{
    public override HeaderList Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var headers = new Dictionary<string, string[]>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            List<string> values = [];
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.String)
                values.Add(reader.GetString()!);

            headers.Add(name, [.. values]);
        }

        return new HeaderList(headers);
    }

    public override void Write(Utf8JsonWriter writer, HeaderList value, JsonSerializerOptions options)
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
}

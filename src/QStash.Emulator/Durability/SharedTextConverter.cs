using System.Text.Json;
using System.Text.Json.Serialization;
using QStash.Emulator.Messages;

namespace QStash.Emulator.Durability;

/// <summary>Reads a text that many messages have, such as a method, as one object.</summary>
sealed class SharedTextConverter : JsonConverter<string>
{
    static readonly Shared<string> Known = new(StringComparer.Ordinal);

    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Known.Of(reader.GetString()!);

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Read(ref reader, typeToConvert, options);

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value);
}

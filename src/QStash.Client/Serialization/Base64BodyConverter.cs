using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace QStash.Client;

// Bodies in logs are Base64, but a redacted one is replaced by plain text.
sealed class Base64BodyConverter : JsonConverter<ReadOnlyMemory<byte>>
{
    public override ReadOnlyMemory<byte> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            return default;

        return reader.TryGetBytesFromBase64(out var bytes) ? bytes : Encoding.UTF8.GetBytes(reader.GetString()!);
    }

    public override void Write(Utf8JsonWriter writer, ReadOnlyMemory<byte> value, JsonSerializerOptions options) =>
        writer.WriteBase64StringValue(value.Span);
}

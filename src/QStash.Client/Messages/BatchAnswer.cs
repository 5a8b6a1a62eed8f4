using System.Text.Json;
using System.Text.Json.Serialization;

namespace QStash.Client;

// An array in request order; a batch of one may be answered with its bare element (contract 2.3).
[JsonConverter(typeof(Converter))]
sealed record BatchAnswer(IReadOnlyList<PublishAnswer> Items)
{
    public sealed class Converter : JsonConverter<BatchAnswer>
    {
        public override BatchAnswer Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var answer = JsonElement.ParseValue(ref reader);
            JsonElement[] items = answer.ValueKind == JsonValueKind.Array ? [.. answer.EnumerateArray()] : [answer];
            return new BatchAnswer([.. items.Select(item => item.Deserialize(QStashJson.Default.PublishAnswer) ?? throw new JsonException("A result was expected."))]);
        }

        // An answer is only ever read.
        public override void Write(Utf8JsonWriter writer, BatchAnswer value, JsonSerializerOptions options) => throw new NotSupportedException();
    }
}

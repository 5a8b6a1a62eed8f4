using System.Text.Json;
using System.Text.Json.Serialization;

namespace QStash.Client;

// The answer is an array in the order of the request. A batch of one message may be answered with the element alone.
[JsonConverter(typeof(Converter))]
sealed record BatchAnswer(IReadOnlyList<PublishAnswer> Items)
{
    public sealed class Converter : JsonConverter<BatchAnswer>
    {
        public override BatchAnswer Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.StartArray)
                return new BatchAnswer([PublishAnswer.Read(ref reader)]);

            var items = new List<PublishAnswer>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                items.Add(PublishAnswer.Read(ref reader));

            return new BatchAnswer(items);
        }

        // Answers are only read, never written.
        public override void Write(Utf8JsonWriter writer, BatchAnswer value, JsonSerializerOptions options) =>
            throw new NotSupportedException();
    }
}

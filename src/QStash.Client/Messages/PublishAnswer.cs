using System.Text.Json;
using System.Text.Json.Serialization;

namespace QStash.Client;

// What a publish answers, and each element of a batch's answer: an object for a URL, a bare array for a URL group,
// {"messages":[…]} according to openapi, or an error object (sharp edges 5 and 6).
[JsonConverter(typeof(Converter))]
sealed record PublishAnswer(IReadOnlyList<QStashReceipt> Receipts, string? Error)
{
    public sealed class Converter : JsonConverter<PublishAnswer>
    {
        public override PublishAnswer Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var receipts = new List<QStashReceipt>();
            string? error = null;
            Collect(JsonElement.ParseValue(ref reader));
            return new PublishAnswer(receipts, error);

            void Collect(JsonElement element)
            {
                if (element.ValueKind == JsonValueKind.Array)
                {
                    foreach (var item in element.EnumerateArray())
                        Collect(item);
                }
                else if (element.ValueKind != JsonValueKind.Object)
                    throw new JsonException("A receipt was expected.");
                else if (element.TryGetProperty("messages", out var messages))
                    Collect(messages);
                else if (element.TryGetProperty("error", out var reason))
                    error ??= reason.ToString();
                else
                    receipts.Add(element.Deserialize(QStashJson.Default.QStashReceipt) ?? throw new JsonException("A receipt was expected."));
            }
        }

        // An answer is only ever read.
        public override void Write(Utf8JsonWriter writer, PublishAnswer value, JsonSerializerOptions options) => throw new NotSupportedException();
    }
}

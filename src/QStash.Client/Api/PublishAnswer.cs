using System.Text.Json;
using System.Text.Json.Serialization;

namespace QStash.Client;

// The answer to a publish, and each element of the answer to a batch: an object for a URL, an array for a URL group, {"messages":[…]}
// according to openapi, or an error object.
[JsonConverter(typeof(Converter))]
sealed record PublishAnswer(IReadOnlyList<QStashReceipt> Receipts, string? Error)
{
    public static PublishAnswer Read(ref Utf8JsonReader reader)
    {
        var receipts = new List<QStashReceipt>(1);
        string? error = null;
        Collect(ref reader, receipts, ref error);

        return new PublishAnswer(receipts, error);
    }

    static void Collect(ref Utf8JsonReader reader, List<QStashReceipt> receipts, ref string? error)
    {
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                Collect(ref reader, receipts, ref error);
        }
        else if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("A receipt was expected.");
        else if (TryFind(reader, "messages"u8, out var messages))
        {
            Collect(ref messages, receipts, ref error);
            reader.Skip();
        }
        else if (TryFind(reader, "error"u8, out var reason))
        {
            error ??= JsonElement.ParseValue(ref reason).ToString();
            reader.Skip();
        }
        else
            receipts.Add(JsonSerializer.Deserialize(ref reader, QStashJson.Default.QStashReceipt)
                ?? throw new JsonException("A receipt was expected."));
    }

    // Reads ahead on a copy of the reader. The copy begins at an object and ends at the value of the member.
    static bool TryFind(Utf8JsonReader reader, ReadOnlySpan<byte> member, out Utf8JsonReader value)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isFound = reader.ValueTextEquals(member);
            reader.Read();

            if (isFound)
            {
                value = reader;
                return true;
            }

            reader.Skip();
        }

        value = default;
        return false;
    }

    public sealed class Converter : JsonConverter<PublishAnswer>
    {
        public override PublishAnswer Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            PublishAnswer.Read(ref reader);

        // Answers are only read, never written.
        public override void Write(Utf8JsonWriter writer, PublishAnswer value, JsonSerializerOptions options) =>
            throw new NotSupportedException();
    }
}

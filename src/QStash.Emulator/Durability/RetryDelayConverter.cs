using System.Text.Json;
using System.Text.Json.Serialization;
using QStash.Emulator.Grammar;

namespace QStash.Emulator.Durability;

/// <summary>A retry delay as it was published.</summary>
sealed class RetryDelayConverter : JsonConverter<RetryDelayExpression>
{
    public override RetryDelayExpression Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        RetryDelayExpression.Parse(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, RetryDelayExpression value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Text);
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// Delivery settings as one text, the way an outbox keeps them.
/// </summary>
static class DeliveryProperties
{
    static readonly JsonSerializerOptions Options = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // Keeps the collections the settings come with, one of which ignores case.
        PreferredObjectCreationHandling = JsonObjectCreationHandling.Populate,
        Converters = { new MethodConverter() },
    };

    public static string Write<T>(T settings) => JsonSerializer.Serialize(settings, Options);

    public static T? Read<T>(string text) => JsonSerializer.Deserialize<T>(text, Options);

    sealed class MethodConverter : JsonConverter<HttpMethod>
    {
        public override HttpMethod Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, HttpMethod value, JsonSerializerOptions options) => writer.WriteStringValue(value.Method);
    }
}

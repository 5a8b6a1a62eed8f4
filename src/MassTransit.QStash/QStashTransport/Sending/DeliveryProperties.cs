using System.Text.Json;
using System.Text.Json.Serialization;
using QStash.Client;

namespace MassTransit.QStashTransport.Sending;

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

    public static string Write(QStashDeliverySettings settings) => JsonSerializer.Serialize(settings, Options);

    public static QStashDeliverySettings Read(string text) => JsonSerializer.Deserialize<QStashDeliverySettings>(text, Options) ?? new();

    sealed class MethodConverter : JsonConverter<HttpMethod>
    {
        public override HttpMethod Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, HttpMethod value, JsonSerializerOptions options) => writer.WriteStringValue(value.Method);
    }
}

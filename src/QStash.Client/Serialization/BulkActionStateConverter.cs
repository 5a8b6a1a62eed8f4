using System.Text.Json;
using System.Text.Json.Serialization;

namespace QStash.Client;

sealed class BulkActionStateConverter : JsonConverter<QStashBulkActionState>
{
    public override QStashBulkActionState Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString()?.ToUpperInvariant() switch
        {
            "IN_PROGRESS" => QStashBulkActionState.InProgress,
            "FINISHED" => QStashBulkActionState.Finished,
            _ => QStashBulkActionState.Unknown
        };

    public override void Write(Utf8JsonWriter writer, QStashBulkActionState value, JsonSerializerOptions options) =>
        writer.WriteStringValue(ToWire(value));

    public static string ToWire(QStashBulkActionState state) => state switch
    {
        QStashBulkActionState.InProgress => "IN_PROGRESS",
        QStashBulkActionState.Finished => "FINISHED",
        _ => "UNKNOWN"
    };
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace QStash.Client;

sealed class MessageStateConverter : JsonConverter<QStashMessageState>
{
    public override QStashMessageState Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString()?.ToUpperInvariant() switch
        {
            "CREATED" => QStashMessageState.Created,
            "ACTIVE" => QStashMessageState.Active,
            "RETRY" => QStashMessageState.Retry,
            "ERROR" => QStashMessageState.Error,
            "DELIVERED" => QStashMessageState.Delivered,
            "FAILED" => QStashMessageState.Failed,
            "CANCEL_REQUESTED" => QStashMessageState.CancelRequested,
            "CANCELLED" or "CANCELED" => QStashMessageState.Cancelled,
            "IN_PROGRESS" => QStashMessageState.InProgress,
            _ => QStashMessageState.Unknown
        };

    public override void Write(Utf8JsonWriter writer, QStashMessageState value, JsonSerializerOptions options) =>
        writer.WriteStringValue(ToWire(value));

    public static string ToWire(QStashMessageState state) => state switch
    {
        QStashMessageState.Created => "CREATED",
        QStashMessageState.Active => "ACTIVE",
        QStashMessageState.Retry => "RETRY",
        QStashMessageState.Error => "ERROR",
        QStashMessageState.Delivered => "DELIVERED",
        QStashMessageState.Failed => "FAILED",
        QStashMessageState.CancelRequested => "CANCEL_REQUESTED",
        QStashMessageState.Cancelled => "CANCELED",
        QStashMessageState.InProgress => "IN_PROGRESS",
        _ => "UNKNOWN"
    };
}

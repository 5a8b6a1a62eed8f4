using System.Text.Json.Serialization;

namespace QStash.Emulator.Delivery;

/// <summary>How callbacks are written: as answers of the API are.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CallbackBody))]
sealed partial class CallbackJson : JsonSerializerContext;

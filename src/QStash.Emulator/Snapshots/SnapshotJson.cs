using System.Text.Json.Serialization;

namespace QStash.Emulator.Snapshots;

/// <summary>The JSON of the control surface: like that of the API, but with times in ISO 8601.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(FaultActionNames)])]
[JsonSerializable(typeof(EmulatorSnapshot))]
[JsonSerializable(typeof(List<FaultSnapshot>))]
sealed partial class SnapshotJson : JsonSerializerContext;

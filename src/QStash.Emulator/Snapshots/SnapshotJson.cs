using System.Text.Json.Serialization;

namespace QStash.Emulator.Snapshots;

/// <summary>How the control surface writes its answers: like the API, with instants in ISO 8601.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(FaultActionNames)])]
[JsonSerializable(typeof(EmulatorSnapshot))]
[JsonSerializable(typeof(List<FaultSnapshot>))]
sealed partial class SnapshotJson : JsonSerializerContext;

using System.Text.Json;
using System.Text.Json.Serialization;
using QStash.Emulator.Faults;

namespace QStash.Emulator.Snapshots;

/// <summary>Actions as <c>dropApiAnswer</c>.</summary>
sealed class FaultActionNames() : JsonStringEnumConverter<FaultAction>(JsonNamingPolicy.CamelCase);

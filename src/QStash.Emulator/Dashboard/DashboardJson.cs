using System.Text.Json.Serialization;
using QStash.Emulator.Api;

namespace QStash.Emulator.Dashboard;

/// <summary>How the page's own data is written: as the public API writes it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DashboardSettings))]
[JsonSerializable(typeof(MessageSummaryPage))]
[JsonSerializable(typeof(DeliveredAnswer))]
[JsonSerializable(typeof(MessageLogAnswer))]
[JsonSerializable(typeof(DeadLetterPage))]
[JsonSerializable(typeof(Dictionary<string, List<long>>))]
sealed partial class DashboardJson : JsonSerializerContext;

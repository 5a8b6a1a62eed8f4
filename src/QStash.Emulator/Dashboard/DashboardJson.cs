using System.Text.Json.Serialization;

namespace QStash.Emulator.Dashboard;

/// <summary>JSON of the page's own data, in the form of the public API.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DashboardSettings))]
[JsonSerializable(typeof(MessageSummaryPage))]
[JsonSerializable(typeof(MessageDetails))]
[JsonSerializable(typeof(DeadLetterSummaryPage))]
[JsonSerializable(typeof(Blockers))]
[JsonSerializable(typeof(ClockNews))]
[JsonSerializable(typeof(List<string>))]
[JsonSerializable(typeof(Dictionary<string, List<long>>))]
sealed partial class DashboardJson : JsonSerializerContext;

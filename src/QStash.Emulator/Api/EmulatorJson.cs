using System.Text.Json.Serialization;

namespace QStash.Emulator.Api;

/// <summary>How answers are written: in camel case, without members that are null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BulkActionAnswer))]
[JsonSerializable(typeof(BulkActionPage))]
[JsonSerializable(typeof(CancelledAnswer))]
[JsonSerializable(typeof(DeadLetterAnswer))]
[JsonSerializable(typeof(DeadLetterPage))]
[JsonSerializable(typeof(DeletedAnswer))]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(FlowControlAnswer))]
[JsonSerializable(typeof(GlobalParallelismAnswer))]
[JsonSerializable(typeof(KeysAnswer))]
[JsonSerializable(typeof(List<FlowControlAnswer>))]
[JsonSerializable(typeof(List<object>))]
[JsonSerializable(typeof(List<PublishAnswer>))]
[JsonSerializable(typeof(List<QueueAnswer>))]
[JsonSerializable(typeof(List<ScheduleAnswer>))]
[JsonSerializable(typeof(List<UrlGroupAnswer>))]
[JsonSerializable(typeof(LogPage))]
[JsonSerializable(typeof(MessageAnswer))]
[JsonSerializable(typeof(PublishAnswer))]
[JsonSerializable(typeof(QueueAnswer))]
[JsonSerializable(typeof(RetriedAnswer))]
[JsonSerializable(typeof(ScheduleAnswer))]
[JsonSerializable(typeof(ScheduleCreatedAnswer))]
[JsonSerializable(typeof(UrlGroupAnswer))]
sealed partial class EmulatorJson : JsonSerializerContext;

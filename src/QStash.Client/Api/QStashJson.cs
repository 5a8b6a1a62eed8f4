using System.Text.Json.Serialization;

namespace QStash.Client;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    PropertyNameCaseInsensitive = true,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PublishAnswer))]
[JsonSerializable(typeof(BatchAnswer))]
[JsonSerializable(typeof(CancelAnswer))]
[JsonSerializable(typeof(QStashBulkAction))]
[JsonSerializable(typeof(BulkActionsAnswer))]
[JsonSerializable(typeof(QStashReceipt))]
[JsonSerializable(typeof(QStashMessageInfo))]
[JsonSerializable(typeof(QueueBody))]
[JsonSerializable(typeof(QStashQueue))]
[JsonSerializable(typeof(List<QStashQueue>))]
[JsonSerializable(typeof(ScheduleAnswer))]
[JsonSerializable(typeof(QStashSchedule))]
[JsonSerializable(typeof(List<QStashSchedule>))]
[JsonSerializable(typeof(EndpointsBody))]
[JsonSerializable(typeof(DefaultHeadersBody))]
[JsonSerializable(typeof(QStashUrlGroup))]
[JsonSerializable(typeof(List<QStashUrlGroup>))]
[JsonSerializable(typeof(QStashDeadLetter))]
[JsonSerializable(typeof(DeadLettersAnswer))]
[JsonSerializable(typeof(DeleteAnswer))]
[JsonSerializable(typeof(RetryAnswer))]
[JsonSerializable(typeof(LogsAnswer))]
[JsonSerializable(typeof(QStashFlowControlKey))]
[JsonSerializable(typeof(List<QStashFlowControlKey>))]
[JsonSerializable(typeof(QStashGlobalParallelism))]
[JsonSerializable(typeof(QStashSigningKeys))]
sealed partial class QStashJson : JsonSerializerContext;

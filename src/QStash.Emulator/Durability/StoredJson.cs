using System.Text.Json.Serialization;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Durability;

/// <summary>The JSON of the data file, for values without a column.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(HeadersConverter), typeof(RetryDelayConverter), typeof(SharedTextConverter)])]
[JsonSerializable(typeof(AttemptResult))]
[JsonSerializable(typeof(List<StoredLogEntry>))]
[JsonSerializable(typeof(List<StoredMessage>))]
[JsonSerializable(typeof(List<StoredWindow>))]
[JsonSerializable(typeof(SigningKeys))]
[JsonSerializable(typeof(StoredBulkAction))]
[JsonSerializable(typeof(StoredCounter))]
[JsonSerializable(typeof(StoredFlowControlKey))]
[JsonSerializable(typeof(StoredQueue))]
[JsonSerializable(typeof(StoredSchedule))]
[JsonSerializable(typeof(StoredUrlGroup))]
sealed partial class StoredJson : JsonSerializerContext;

using System.Text.Json.Serialization;
using QStash.Emulator.Delivery;

namespace QStash.Emulator.Api;

/// <summary>How answers are written: camel case, absent members omitted (contract 2).</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    PropertyNameCaseInsensitive = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CallbackBody))]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(KeysAnswer))]
[JsonSerializable(typeof(PublishAnswer))]
[JsonSerializable(typeof(List<PublishAnswer>))]
sealed partial class EmulatorJson : JsonSerializerContext;

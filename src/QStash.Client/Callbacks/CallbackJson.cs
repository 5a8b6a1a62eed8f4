using System.Text.Json.Serialization;

namespace QStash.Client;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    PropertyNameCaseInsensitive = true,
    NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(QStashCallback))]
sealed partial class CallbackJson : JsonSerializerContext;
